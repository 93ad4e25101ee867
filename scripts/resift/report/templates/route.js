// Where links lead, the contents, paper; then the first drawing of the table.
$("filters").addEventListener("input", e => { if (e.target.id !== "reviewer") update(); });
$("filters").addEventListener("submit", e => e.preventDefault());
$("filters").addEventListener("reset", e => { if (e.isTrusted) { box = null; $("boxline").hidden = true; setTimeout(update); } });
$("previous").onclick = () => turn(-1);
$("next").onclick = () => turn(1);

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function route() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("box-") && openBox(decoded(hash))) return;
  if (hash.startsWith("records?")) { filterBy(hash.slice(8)); return; }
  const pair = /^pair-(\d+)$/.exec(hash);
  if (pair && core.pairs[pair[1] - 1]) { openPair(pair[1] - 1); return; }
  const i = place.get(hash) ?? place.get(decoded(hash)) ?? byId.get(decoded(hash.replace(/^record-/, "")));
  if (i !== undefined) { openCard(i); return; }
  if (card.open) card.close();
  // What a link leads to may be folded away.
  const target = hash && document.getElementById(decoded(hash));
  if (target) { const fold = target.querySelector(":scope > details.fold"); if (fold) fold.open = true; if (target.tagName === "DETAILS") target.open = true; show(target.id); }
}
addEventListener("hashchange", route);
// The same link twice in a row changes no hash, and would do nothing.
document.addEventListener("click", e => { const a = e.target.closest("a"); const href = a && a.getAttribute("href"); if (href && href[0] === "#" && href === location.hash) { e.preventDefault(); route(); } });
addEventListener("beforeprint", () => { paper = true; draw(); document.querySelectorAll("main details").forEach(d => { if (!d.open && !d.matches("[data-screen]")) { d.open = true; d.dataset.opened = ""; } }); });
addEventListener("afterprint", () => { paper = false; draw(); document.querySelectorAll("[data-opened]").forEach(d => { d.open = false; delete d.dataset.opened; }); });

// Contents: the section in view.
const links = new Map([...document.querySelectorAll(".contents a")].map(a => [a.getAttribute("href").slice(1), a]));
const seen = new Set();
const watch = new IntersectionObserver(entries => {
  for (const e of entries) if (e.isIntersecting) seen.add(e.target.id); else seen.delete(e.target.id);
  const now = [...links.keys()].find(id => seen.has(id));
  for (const [id, a] of links) if (id === now) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
}, { rootMargin: "-10% 0px -70% 0px" });
for (const id of links.keys()) watch.observe($(id));

$("filters").hidden = $("deciding").hidden = false;
setBlind();
if (location.hash) route();
