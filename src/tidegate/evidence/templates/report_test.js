// A test: how it failed, and its exchanges along its time with the log beside them.
const SIDE = 10; // log lines beside an exchange before the rest is folded

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
