// What the reader does: copies, types and follows addresses. It comes last, since it shows the page.

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
