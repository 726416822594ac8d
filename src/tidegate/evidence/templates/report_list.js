// Elements, the data of the page, the address that says what is shown, and the list of tests.
// Nothing that a bundle holds is ever made into markup: elements are made here, and data becomes their text.
const VIEWS = ["why", "tests", "test", "operations", "run"];
const PAGE = 100; // rows of the list at a time

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
