"use strict";
// Nothing that a bundle holds is ever made into markup: elements are made here, and data becomes their text.
(() => {
  const VIEWS = ["why", "tests", "test", "operations", "run"];
  const PAGE = 100; // rows of the list at a time
  const SIDE = 10; // log lines beside an exchange before the rest is folded
  const SCALARS = 400; // differing places that are compared

  const at = (id) => document.getElementById(id);
  function make(tag, given, ...inside) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given || {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...inside.flat(2).filter((each) => each != null && each !== false && each !== ""));
    return element;
  }
  const time = (ms) => (ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

  // --- data: gzip in base64, opened when it is asked for ---
  const opened = new Map();
  function data(id) {
    if (!opened.has(id)) opened.set(id, inflate(at(id).textContent));
    return opened.get(id);
  }
  async function inflate(text) {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }
  let words; // what each test is found by
  async function tests() {
    const index = await data("index");
    words ||= index.id.map((id, i) => {
      const used = index.used[i].map((each) => index.operations[each]).join(" ");
      const cause = index.causes[index.cause[i]] || "";
      return `${id} ${index.outcome[i]} ${index.message[i]} ${index.worker[i]} ${used} ${index.statuses[i].join(" ")} ${cause}`.toLowerCase();
    });
    return index;
  }

  // --- the address says what is shown ---
  const asked = () => new URLSearchParams(location.hash.slice(1));
  const link = (given) => `#${new URLSearchParams(given)}`;
  let shown = PAGE;
  let turn = 0;
  async function show(moved) {
    const params = asked();
    const view = VIEWS.includes(params.get("view")) ? params.get("view") : "why";
    const mine = ++turn;
    for (const each of VIEWS) at(each).hidden = each !== view;
    for (const each of document.querySelectorAll("nav a")) {
      const here = each.hash === `#view=${view === "test" ? "tests" : view}`;
      here ? each.setAttribute("aria-current", "page") : each.removeAttribute("aria-current");
    }
    if (view === "tests") await list(params);
    if (view === "test") await detail(params.get("test") || "", () => mine === turn);
    if (moved && mine === turn) {
      const title = at(view).querySelector("h2");
      if (title && view !== "tests") { title.tabIndex = -1; title.focus({ preventScroll: true }); }
      scrollTo(0, 0);
    }
    document.documentElement.dataset.ready = location.hash || "#";
  }

  // --- the list of tests ---
  const RED = ["failed", "error", "unfinished"];
  const FILTERS = ["q", "outcome", "cause", "sort"];
  async function list(params) {
    for (const name of FILTERS) if (at(name).value !== (params.get(name) || "")) at(name).value = params.get(name) || "";
    const index = await tests();
    const wanted = (params.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const [outcome, cause, sort] = ["outcome", "cause", "sort"].map((name) => params.get(name) || "");
    let found = [];
    for (let i = 0; i < index.id.length; i++) {
      if (outcome && index.outcome[i] !== outcome) continue;
      if (cause && String(index.cause[i]) !== cause) continue;
      if (wanted.every((word) => words[i].includes(word))) found.push(i);
    }
    const worst = (i) => RED.indexOf(index.outcome[i]) + 1 || RED.length + 1;
    if (!sort) found.sort((a, b) => worst(a) - worst(b) || a - b);
    if (sort === "slow") found.sort((a, b) => index.ms[b] - index.ms[a]);
    if (sort === "name") found.sort((a, b) => (index.id[a] < index.id[b] ? -1 : 1));
    at("rows").replaceChildren(...found.slice(0, shown).map((i) => row(index, i)));
    at("found").textContent = `${found.length} of ${index.id.length} tests`;
    at("more").hidden = found.length <= shown;
  }
  const row = (index, i) => make("tr", {},
    make("td", { class: `outcome ${index.outcome[i]}` }, index.outcome[i]),
    make("td", {}, make("a", { href: link({ view: "test", test: index.id[i] }) }, index.id[i]), index.message[i] && make("small", {}, index.message[i])),
    make("td", { class: "n" }, time(index.ms[i])), make("td", { class: "n" }, String(index.count[i])));

  function filtered() {
    const params = new URLSearchParams({ view: "tests" });
    for (const name of FILTERS) if (at(name).value) params.set(name, at(name).value);
    shown = PAGE;
    history.replaceState(null, "", `#${params}`);
    show(false);
  }

  // --- a test ---
  async function detail(id, current) {
    const index = await tests();
    const i = index.id.indexOf(id);
    if (i < 0) return at("test").replaceChildren(make("h2", {}, "No such test"), make("p", {}, id));
    const chunk = index.chunk[i] < 0 ? {} : await data(`chunk${index.chunk[i]}`);
    const good = await data("good");
    if (!current()) return;
    const told = chunk[i] || { phases: [], rows: [] };
    const failed = told.phases.filter((phase) => phase.text || phase.message);
    at("test").replaceChildren(...[
      make("p", {}, make("a", { href: "#view=tests" }, "All tests"), neighbours(index, i)),
      make("h2", {}, id),
      make("p", {}, make("b", { class: `outcome ${index.outcome[i]}` }, index.outcome[i]), ` in ${time(index.ms[i])}`,
        index.worker[i] && ` on ${index.worker[i]}`, index.cause[i] >= 0 && [", from ", make("a", { href: link({ view: "tests", cause: index.cause[i] }) }, index.causes[index.cause[i]])]),
      ...failed.map(failure),
      told.exchanges && command(`${at("again").textContent} --test ${quoted(id)}`),
      make("h3", {}, "Timeline"), ...timeline(told, good, index.id.length),
    ].flat(2).filter(Boolean));
  }
  function neighbours(index, i) {
    const red = index.outcome.flatMap((each, number) => (RED.includes(each) ? [number] : []));
    const place = red.indexOf(i);
    const to = (number, text) => number !== undefined && [" · ", make("a", { href: link({ view: "test", test: index.id[number] }) }, text)];
    return place < 0 ? [] : [to(red[place - 1], "previous failed"), to(red[place + 1], "next failed")];
  }
  const command = (text) => text && make("p", { class: "command" }, make("code", {}, text), " ", copier("copy", text));
  const quoted = (text) => (/^[\w@%+=:,.\/-]+$/.test(text) ? text : `'${text.replace(/'/g, `'"'"'`)}'`); // for a shell
  const pre = (text, label) => make("pre", { tabindex: 0, "aria-label": label }, text);
  const folded = (title, ...inside) => make("details", {}, make("summary", {}, title), ...inside);
  function failure(phase) {
    const place = phase.file ? ` at ${phase.file}:${phase.line}` : "";
    return [
      make("h3", {}, `${phase.name} ${phase.outcome}${place}`),
      pre(phase.text || `${phase.kind}: ${phase.message}`, "what pytest shows"),
      ...Object.entries(phase.sections || {}).map(([name, text]) => folded(name, pre(text, name))),
    ];
  }

  function timeline(told, good) {
    const each = told.exchanges || told.rows.map(([phase, operation, path, status, began, ms]) => ({ phase, method: operation.split(" ")[0], path, status, at: began, ms }));
    if (!each.length && !(told.log || []).length) return [make("p", {}, "No exchange of this test was recorded.")];
    const end = Math.max(1, ...each.map((one) => one.at + one.ms), ...told.phases.map((phase) => phase.at + phase.ms));
    const log = [...(told.log || [])];
    const grid = make("div", { class: log.length ? "grid" : "grid alone" });
    const beside = (until) => {
      let count = log.findIndex((line) => line[0] >= until);
      const lines = log.splice(0, count < 0 ? log.length : count).map(logged);
      return log.length || lines.length || grid.className === "grid" ? make("div", { class: "side" }, lines.slice(0, SIDE), lines.length > SIDE && folded(`${lines.length - SIDE} more lines`, lines.slice(SIDE))) : "";
    };
    const lead = each.length ? each[0].at : Infinity;
    if (log.length && log[0][0] < lead) grid.append(make("div", {}), beside(lead));
    const phases = [...told.phases];
    const entitle = (until) => { // the headings of all phases up to that one, since one may have no exchange
      const place = phases.findIndex((its) => its.name === until);
      const those = place < 0 ? (until === undefined ? phases.splice(0) : []) : phases.splice(0, place + 1);
      for (const its of those) {
        const red = RED.includes(its.outcome) ? "bad" : null;
        grid.append(make("div", { class: "phase" }, make("b", {}, its.name), " ", make("span", { class: red }, its.outcome), `, ${time(its.ms)}`));
      }
    };
    each.forEach((one, number) => {
      entitle(one.phase);
      grid.append(make("div", {}, one.request ? exchange(one, end, good, telling(each, number, told.phases)) : make("div", { class: "line" }, ...head(one, end))));
      if (grid.className === "grid") grid.append(beside(number + 1 < each.length ? each[number + 1].at : Infinity));
    });
    entitle(undefined);
    const notes = told.rows && each.length ? [make("p", {}, make("small", {}, "Bodies of this test are in exchanges.jsonl of the bundle."))] : [];
    if (told.more) notes.push(make("p", {}, make("small", {}, `${told.more} further log lines are in the bundle.`)));
    return [grid, ...notes];
  }
  // What a reader wants to see open: what went wrong, or else the last one before the test failed.
  function telling(each, number, phases) {
    const one = each[number];
    if (one.status === null || one.status >= 500 || one.marks.length) return true;
    const red = phases.findIndex((phase) => RED.includes(phase.outcome));
    const before = phases.slice(0, red + 1).map((phase) => phase.name);
    return red >= 0 && each.findLastIndex((other) => before.includes(other.phase)) === number;
  }
  const logged = ([ms, service, text, rank]) => make("p", { class: ["", "own", "grave"][rank] }, `${ms < 0 ? "−" : "+"}${time(Math.abs(ms))} ${service} `, text);
  function head(one, end) {
    const wrong = one.status === null || one.status >= 500;
    const bar = make("span", { class: `bar${wrong ? " wrong" : one.phase === "call" ? "" : " other"}` });
    bar.style.left = `${Math.max(0, Math.min(99.5, (100 * one.at) / end))}%`;
    bar.style.width = `${Math.min(100, (100 * one.ms) / end)}%`;
    return [
      make("span", {}, ""),
      make("span", { class: "name" }, `${one.method} ${one.path || one.url.replace(/^\w+:\/\/[^/]*/, "")}`),
      make("span", { class: wrong ? "n bad" : "n" }, one.status === null ? "none" : String(one.status)),
      make("span", { class: "n" }, time(one.ms)), make("span", { class: "track", "aria-hidden": "true" }, bar),
    ];
  }

  // --- an exchange ---
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

  // --- copying ---
  const copier = (title, text) => make("button", { type: "button", onclick: (event) => copy(event.currentTarget, text) }, title);
  async function copy(button, text) {
    const title = button.textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea", { "aria-label": "to be copied" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = "copied";
    setTimeout(() => { button.textContent = title; }, 1200);
  }

  // --- events ---
  for (const button of document.querySelectorAll("button.copy")) button.addEventListener("click", () => copy(button, button.dataset.copy));
  for (const name of FILTERS) at(name).addEventListener("input", filtered);
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  at("more").addEventListener("click", () => { shown += PAGE; list(asked()); });
  addEventListener("hashchange", () => { shown = PAGE; show(true); });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest && event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      if (at("tests").hidden) location.hash = "view=tests";
      at("tests").hidden = false;
      at("q").focus();
    } else if (event.key === "Escape" && !at("test").hidden) location.hash = "view=tests";
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && !at("tests").hidden && (!typing || event.target.id === "q")) along(event);
  });
  function along(event) {
    const links = [...at("rows").querySelectorAll("a")];
    const here = links.indexOf(document.activeElement);
    const next = links[here + (event.key === "ArrowDown" ? 1 : -1)] || (here === 0 ? at("q") : null);
    if (next) { event.preventDefault(); next.focus(); }
  }
  show(false);
})();
