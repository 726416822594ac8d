// An exchange: its request and answer, what is wrong in them, and how they differ from the last good ones.
const SCALARS = 400; // differing places that are compared

function exchange(one, end, good, open) {
  const element = make("details", { class: "exchange" }, make("summary", {}, ...head(one, end).slice(1)));
  const fill = () => element.children.length > 1 || element.append(inside(one, good));
  element.addEventListener("toggle", fill);
  if (open) { element.open = true; fill(); }
  return element;
}
function inside(one, good) {
  const who = one.identity ? ` as ${one.identity}` : "";
  return make("div", { class: "inside" },
    make("div", { class: "buttons" }, copier("copy as curl", one.curl), copier("copy as httpx", one.httpx)),
    one.marks.length > 0 && make("ul", {}, one.marks.map(([, , text]) => make("li", { class: "bad" }, text))),
    make("h4", {}, `Request${who}`), make("p", { class: "address" }, make("code", {}, `${one.method} ${one.url}`)),
    message(one.request, one.marks.filter(([side]) => side === "request")),
    make("h4", {}, one.status === null ? "No answer" : `Answer ${one.status}, ${time(one.ms)}`),
    one.error && pre(one.error, "error"),
    one.response && message(one.response, one.marks.filter(([side]) => side === "response")),
    ...compared(one, good));
}
function message(told, marks) {
  const headers = make("table", {}, make("tbody", {}, told.headers.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, make("code", {}, value))))));
  const missing = told.size ? `A body of ${told.size} bytes, which was not kept.` : "No body.";
  return [
    told.body ? body(told.body, marks) : make("p", {}, make("small", {}, missing)),
    told.cut > 0 && make("p", {}, make("small", {}, `${told.cut} more characters are in the bundle.`)),
    folded(`${told.headers.length} headers`, headers),
  ];
}
function body(text, marks) {
  let value;
  try { value = JSON.parse(text); } catch { return pre(text, "body"); }
  const lines = [...pretty(value, "", "", "")];
  const places = lines.map(([, place]) => place);
  const flaws = marks.filter(([, place]) => place).map(([, place, said]) => [nearest(place, places), said]);
  const shown = lines.map(([line, place]) => {
    const said = flaws.filter(([pattern]) => pattern(place)).map(([, said]) => said);
    return said.length ? [make("span", { class: "flaw" }, line, make("em", {}, `  ← ${said.join("; ")}`)), "\n"] : `${line}\n`;
  });
  return make("pre", { class: "body", tabindex: 0, "aria-label": "body" }, ...shown);
}
function* pretty(value, place, name, indent, comma = "") {
  const before = indent + (name === "" ? "" : `${JSON.stringify(name)}: `);
  if (value === null || typeof value !== "object") return yield [`${before}${JSON.stringify(value)}${comma}`, place];
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const entries = Object.entries(value);
  if (!entries.length) return yield [`${before}${open}${close}${comma}`, place];
  yield [before + open, place];
  for (const [number, [key, each]] of entries.entries()) {
    yield* pretty(each, `${place}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`, Array.isArray(value) ? "" : key, `${indent}  `, number + 1 < entries.length ? "," : "");
  }
  yield [`${indent}${close}${comma}`, null];
}
// A field that is missing is marked where it should be: at the innermost place that is there.
function nearest(place, places) {
  for (let parts = place.split("/"); ; parts = parts.slice(0, -1)) {
    const fits = (other) => {
      const those = other === null ? null : other.split("/");
      return those !== null && those.length === parts.length && parts.every((part, i) => part === "*" || part === those[i]);
    };
    if (parts.length < 2 || places.some(fits)) return fits;
  }
}

// --- against the last good body ---
function compared(one, good) {
  const same = good[`${one.operation} ${one.status}`];
  if (same && one.response && one.response.body) {
    const rows = differences(one.response.body, same.body);
    if (!rows.length) return [];
    return [
      make("h4", {}, `Against the last good answer, of ${same.test}`),
      make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "differences" }, make("table", { class: "differs" },
        make("thead", {}, make("tr", {}, ["place", "good", "here"].map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, rows.map(([place, was, is, form]) => make("tr", {}, make("th", { scope: "row", class: form && "bad" }, place), make("td", {}, was), make("td", {}, is)))))),
    ];
  }
  const other = Object.keys(good).find((key) => key.startsWith(`${one.operation} 2`));
  return other && !same ? [folded(`What ${other} looked like when it was good`, body(good[other].body, []))] : [];
}
function differences(now, before) {
  let here, good;
  try { here = leaves(JSON.parse(now)); good = leaves(JSON.parse(before)); } catch { return []; }
  const rows = [];
  for (const place of new Set([...good.keys(), ...here.keys()])) {
    const [was, is] = [good.get(place), here.get(place)];
    if (was === is) continue;
    const form = was === undefined || is === undefined || kind(was) !== kind(is);
    rows.push([place || "/", short(was), short(is), form]);
  }
  return rows.sort((a, b) => b[3] - a[3]).slice(0, 40);
}
const kind = (text) => (/^["tfn[{]/.exec(text) || ["number"])[0].replace("f", "t");
const short = (text) => (text === undefined ? "—" : text.length > 120 ? `${text.slice(0, 120)}…` : text);
function leaves(value, place = "", found = new Map()) {
  if (found.size > SCALARS) return found;
  if (value === null || typeof value !== "object") return found.set(place, JSON.stringify(value));
  const entries = Object.entries(value);
  if (!entries.length) found.set(place, Array.isArray(value) ? "[]" : "{}");
  for (const [key, each] of entries) leaves(each, `${place}/${key}`, found);
  return found;
}
