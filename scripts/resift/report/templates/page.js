"use strict";
// Filters, lists and cards over the records embedded in this page. Text from records is only ever set as
// text, never as markup. Without this script the page still reads: diagram, strategies, first tables.
(() => {
const $ = id => document.getElementById(id);
const core = JSON.parse($("core").textContent);
const col = Object.fromEntries(core.columns.map((name, i) => [name, i]));
const rows = core.records;
const PAGE = 50;
const EFFECT = { met: "the record stays", "not met": "excludes the record", unclear: "a person must say", conflict: "a person must say" };
// The plain table of boxes carries their fragments for readers without JavaScript; here they open lists.
document.querySelectorAll("[id^=box-]").forEach(node => node.removeAttribute("id"));
const STATE = { already_known: "already known", not_retrieved: "not retrieved", excluded_full_text: "excluded on full text", awaiting: "awaiting a person" };
const get = (i, name) => { const v = rows[i][col[name]]; return core.codes[name] ? core.codes[name][v] : v; };
const label = Object.fromEntries(core.criteria.map(c => [c.id, c.label]));
const why = text => { const k = text.lastIndexOf(": "); return k > 0 && label[text.slice(k + 2)] ? text.slice(0, k + 2) + label[text.slice(k + 2)] : label[text] || text; };
const names = [...core.criteria.map(c => c.id.replaceAll("-", " ")), ...core.topics];

// Where each record is linked: the first record of a PMID is #pmid-…, every other #record-….
const place = new Map(), link = [];
rows.forEach((r, i) => {
  const pmid = r[col.pmid];
  let key = pmid && !place.has("pmid-" + pmid) ? "pmid-" + pmid : "record-" + encodeURIComponent(r[col.record]);
  place.set(key, i); link[i] = key;
});
const byId = new Map(rows.map((r, i) => [r[col.record], i]));

// Search text: what the table shows at once, abstracts as soon as they are unpacked.
const text = rows.map((r, i) => fold([r[col.title], r[col.authors], get(i, "journal"), r[col.pmid], r[col.doi], r[col.record], get(i, "reason")].join(" ")));
function fold(s) { return s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

let details = null;
const ready = unpack($("details").textContent).then(d => {
  details = d;
  d.records.forEach((x, i) => { if (x.abstract) text[i] += " " + fold(x.abstract); });
  if ($("q").value) update();
}).catch(() => { details = { clauses: [], fields: [], records: [] }; });
async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64.trim()), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v === null || v === undefined || v === false) continue;
    if (k === "class") node.className = v; else if (k.startsWith("on")) node.addEventListener(k.slice(2), v); else node.setAttribute(k, v);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== "") node.append(child);
  return node;
}
const bdi = s => s ? el("bdi", {}, s) : "";
const state = s => el("span", { class: "state " + s.replaceAll("_", "-") }, STATE[s] || s);
const number = n => n.toLocaleString("en-GB");
const many = (n, one) => `${number(n)} ${one}${n === 1 ? "" : "s"}`;

// Facets: one select each; "" stands for all.
const NONE = "\u0000none";
const facets = [
  { id: "state", title: "State", of: i => [get(i, "state")], word: s => STATE[s] || s, multi: true },
  { id: "reason", title: "Reason", of: i => [get(i, "reason") || NONE], word: s => s === NONE ? "no reason" : why(s) },
  { id: "criterion", title: "Deciding criterion", of: i => [get(i, "criterion") || NONE], word: s => s === NONE ? "none" : label[s] || s },
  { id: "topic", title: "Topic", of: i => { const t = get(i, "topics"); return t.length ? t.map(k => core.topics[k]) : [NONE]; }, word: s => s === NONE ? "no topic" : s },
  { id: "strategy", title: "Strategy", of: i => get(i, "lane") === "databases" ? get(i, "found_by").map(k => core.strategies[k]) : [], word: s => s },
  { id: "by", title: "Decided by", of: i => [get(i, "decided_by")], word: s => s },
  { id: "lane", title: "Lane", of: i => [get(i, "lane")], word: s => s === "other" ? "other methods" : s },
  { id: "retracted", title: "Retraction", of: i => [get(i, "retracted") ? "retracted" : NONE], word: s => s === NONE ? "not retracted" : s },
];
const years = rows.map(r => r[col.year]).filter(y => y !== null);
for (const f of facets) {
  f.values = rows.map((_, i) => f.of(i));
  const counts = new Map();
  for (const vs of f.values) for (const v of vs) counts.set(v, (counts.get(v) || 0) + 1);
  const order = f.id === "topic" ? [...core.topics, NONE] : f.id === "strategy" ? core.strategies : f.id === "criterion" ? [...core.criteria.map(c => c.id), NONE] : [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  f.select = el("select", { id: "f-" + f.id }, el("option", { value: "" }, "all"), order.filter(v => counts.has(v)).map(v => el("option", { value: v }, `${f.word(v)} (${number(counts.get(v))})`)));
  $("facets").append(el("label", {}, f.title, f.select));
}
const from = el("input", { type: "number", id: "f-from", placeholder: years.length ? String(Math.min(...years)) : "" });
const to = el("input", { type: "number", id: "f-to", placeholder: years.length ? String(Math.max(...years)) : "" });
$("facets").append(el("label", {}, "Year from", from), el("label", {}, "Year to", to));

let shown = [], page = 0, box = null;
function update() {
  const words = fold($("q").value).split(/\s+/).filter(Boolean);
  // A link may ask for several states at once; the select then shows the pair as one entry.
  const wanted = facets.filter(f => f.select.value).map(f => [f, f.multi ? f.select.value.split(",") : [f.select.value]]);
  const a = from.value ? +from.value : -Infinity, b = to.value ? +to.value : Infinity, dated = from.value || to.value;
  const pool = box ? box.at : null, n = pool ? pool.length : rows.length;
  shown = [];
  for (let k = 0; k < n; k++) {
    const i = pool ? pool[k] : k;
    if (dated) { const y = rows[i][col.year]; if (y === null || y < a || y > b) continue; }
    if (wanted.length && !wanted.every(([f, vs]) => f.values[i].some(v => vs.includes(v)))) continue;
    if (words.length && !words.every(w => text[i].includes(w))) continue;
    shown.push(i);
  }
  page = 0;
  draw();
}
function draw() {
  const body = $("table").tBodies[0];
  const slice = shown.slice(page * PAGE, (page + 1) * PAGE);
  body.replaceChildren(...slice.map(i => el("tr", { "data-at": i },
    el("td", {}, el("a", { href: "#" + link[i] }, bdi(get(i, "title") || get(i, "record"))), get(i, "retracted") ? [" ", el("strong", { class: "retracted" }, "Retracted")] : null,
      el("span", { class: "quiet" }, bdi([get(i, "authors").replace(/\.$/, ""), get(i, "journal")].filter(Boolean).join(". ")), get(i, "pmid") ? " · PMID " + get(i, "pmid") : " · " + get(i, "record"))),
    el("td", {}, get(i, "year") === null ? "" : String(get(i, "year"))), el("td", {}, state(get(i, "state"))), el("td", {}, bdi(get(i, "decided_by"))),
    el("td", {}, bdi(why(get(i, "reason")))))));
  if (!slice.length) body.append(el("tr", {}, el("td", { colspan: 5 }, "No record matches.")));
  $("summary").textContent = `${number(shown.length)} of ${many(rows.length, "record")}`;
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  $("pager").hidden = pages === 1;
  $("where").textContent = `Page ${page + 1} of ${pages}`;
  $("previous").disabled = page === 0; $("next").disabled = page + 1 >= pages;
}
function turn(by) { page += by; draw(); show("decisions"); }

function openBox(name) {
  const b = core.boxes[name];
  if (!b) return false;
  reset(); box = b; update();
  $("boxline").hidden = false;
  $("boxline").replaceChildren(el("b", {}, b.label), `: ${many(b.n, b.unit === "study" ? "studie" : "record").replace("studie", b.n === 1 ? "study" : "studie")}. SHA-256 of their ids `, el("code", {}, b.sha256), " ", el("button", { type: "button", onclick: () => { location.hash = "#records"; showAll(); } }, "Show all records"));
  show("decisions");
  return true;
}
function showAll() { reset(); update(); }
function reset() { $("filters").reset(); facets[0].select.querySelectorAll("[data-pair]").forEach(o => o.remove()); box = null; $("boxline").hidden = true; }
function show(id) { $(id).scrollIntoView({ behavior: "instant" }); }
function filterBy(query) {
  reset();
  for (const [k, v] of new URLSearchParams(query)) {
    if (k === "q") $("q").value = v; else if (k === "from") from.value = v; else if (k === "to") to.value = v;
    const f = facets.find(x => x.id === k); if (!f) continue;
    const value = v === "none" && f.id !== "criterion" ? NONE : v;
    if (f.multi && v.includes(",")) f.select.append(el("option", { value: v, "data-pair": "" }, v.split(",").map(f.word).join(" or ")));
    f.select.value = value;
  }
  update(); show("decisions");
}

// The card of one record.
const MARKABLE = ["title", "abstract"];
async function openCard(i, back) {
  await ready;
  const d = details.records[i] || {}, dialog = $("card");
  let only = null;
  const spans = (d.spans || []).map(([c, f, start, end, clause, quote]) => ({ c, field: details.fields[f], start, end, clause: details.clauses[clause], quote }));
  const title = d.title || get(i, "title") || get(i, "record");
  const used = [...new Set(spans.map(s => s.c))].sort((x, y) => x - y);
  const heading = el("h2", { id: "card-title" }), abstract = el("p", { class: "abstract" });
  const paint = () => {
    heading.replaceChildren(...marked(title, spans.filter(s => s.field === "title")));
    abstract.replaceChildren(...(d.abstract ? marked(d.abstract, spans.filter(s => s.field === "abstract")) : [el("span", { class: "quiet" }, "No abstract.")]));
    if (d.cut) abstract.append(el("span", { class: "quiet" }, `\n… ${number(d.cut - d.abstract.length)} more characters; the record's file has them all.`));
    for (const b of legend.children) b.setAttribute("aria-pressed", String(only === +b.dataset.c));
  };
  const marked = (s, list) => {
    const chosen = list.filter(x => only === null || x.c === only).filter(x => x.start < s.length);
    const cuts = [...new Set([0, s.length, ...chosen.flatMap(x => [x.start, Math.min(x.end, s.length)])])].sort((x, y) => x - y);
    const out = [];
    for (let k = 0; k + 1 < cuts.length; k++) {
      const [p, q] = [cuts[k], cuts[k + 1]], here = chosen.filter(x => x.start <= p && x.end >= q), part = s.slice(p, q);
      if (!here.length) { out.push(part); continue; }
      const c = here[0].c, topic = c >= core.criteria.length;
      out.push(el("mark", { class: topic ? "t" : "k" + c % 6, title: [...new Set(here.map(x => `${names[x.c]}: ${x.clause}`))].join("; ") }, part));
    }
    return [el("bdi", {}, out)];
  };
  const legend = el("div", { class: "legend", role: "group", "aria-label": "Evidence shown" }, used.map(c => el("button", { type: "button", "data-c": c, class: c < core.criteria.length ? "k" + c % 6 : "t", "aria-pressed": "false", onclick: () => { only = only === c ? null : c; paint(); } }, (c < core.criteria.length ? "" : "topic: ") + names[c])));
  const elsewhere = spans.filter(s => !MARKABLE.includes(s.field) || s.quote);
  const step = by => { const k = shown.indexOf(i) + by; if (k >= 0 && k < shown.length) location.replace("#" + link[shown[k]]); };
  const at = shown.indexOf(i);
  const line = (name, ...value) => value.flat().filter(v => v !== null && v !== "" && v !== undefined).length ? [el("dt", {}, name), el("dd", {}, ...value)] : [];
  const ids = [
    get(i, "pmid") ? el("a", { href: `https://pubmed.ncbi.nlm.nih.gov/${get(i, "pmid")}/`, rel: "noreferrer" }, "PMID " + get(i, "pmid")) : null,
    get(i, "doi") ? [" · ", el("a", { href: "https://doi.org/" + encodeURI(get(i, "doi")), rel: "noreferrer" }, "doi:" + get(i, "doi"))] : null,
    d.pmcid ? [" · ", el("a", { href: `https://pmc.ncbi.nlm.nih.gov/articles/${encodeURIComponent(d.pmcid)}/`, rel: "noreferrer" }, d.pmcid)] : null];
  const recordLink = id => { const k = byId.get(id); return k === undefined ? id : el("a", { href: "#" + link[k] }, id); };
  const join = (items, f) => items.flatMap((x, k) => [k ? "; " : "", f(x)]);
  const lane = get(i, "lane"), found = get(i, "found_by");
  const groupmates = details.records.flatMap((x, k) => k !== i && x.group === d.group ? [get(k, "record")] : []);
  dialog.replaceChildren(el("div", { class: "card" },
    el("div", { class: "bar" }, el("span", {}, el("button", { type: "button", disabled: at <= 0, onclick: () => step(-1) }, "Previous"), el("button", { type: "button", disabled: at < 0 || at + 1 >= shown.length, onclick: () => step(1) }, "Next")), el("button", { type: "button", id: "close", onclick: () => dialog.close() }, "Close")),
    el("p", { class: "eyebrow" }, state(get(i, "state")), get(i, "retracted") ? [" ", el("strong", { class: "retracted" }, "Retracted publication")] : null),
    heading,
    el("p", { class: "quiet" }, bdi([d.authors, d.collective].filter(Boolean).join("; ") || get(i, "authors"))),
    el("p", { class: "quiet" }, bdi([get(i, "journal"), d.place].filter(Boolean).join(" ")), get(i, "journal") || d.place ? el("br") : null, ids),
    used.length ? legend : null, abstract,
    el("h3", {}, "Decision"),
    el("dl", {}, line("State", state(get(i, "state")), ", box ", get(i, "box").replaceAll("_", " ")), line("Decided by", bdi(get(i, "decided_by"))), line("Reason", bdi(why(get(i, "reason")))), line("The rules alone say", bdi(d.auto || "")), line("People", bdi(d.human || "")), line("Otherwise", bdi(d.flips || "")), line("Topics", get(i, "topics").map(t => core.topics[t]).join(", "))),
    (d.answers || []).length ? [el("h3", {}, "Criteria"), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Criteria" }, el("table", {}, el("thead", {}, el("tr", {}, ["Criterion", "Answer", "Clause", "Looked for, not found"].map(t => el("th", { scope: "col" }, t)))), el("tbody", {}, d.answers.map(([c, answer, clause, missing]) => el("tr", {}, el("th", { scope: "row" }, core.criteria[c].label, el("span", { class: "part" }, names[c])), el("td", {}, el("span", { class: "answer " + answer.replace(" ", "-") }, answer), el("span", { class: "part" }, EFFECT[answer])), el("td", {}, el("code", {}, clause)), el("td", {}, el("span", { class: "quiet" }, missing))))))),] : null,
    elsewhere.length ? [el("h3", {}, "Evidence outside title and abstract"), el("dl", {}, elsewhere.map(s => line(names[s.c], el("code", {}, s.quote), el("span", { class: "quiet" }, ` in ${s.field.replace(/\[\d+\]$/, "").replaceAll("_", " ")}, by ${s.clause}`))))] : null,
    el("h3", {}, "Trail"),
    el("dl", {},
      line("Found by", lane === "databases" ? found.map(k => core.strategies[k]).join(", ") : join(found, recordLink)),
      line("First seen", d.seen || ""), line("In PubMed", ...datesOf(d)),
      line("Report", d.group === get(i, "record") ? "stands for its report" : ["same report as ", recordLink(d.group || "")], groupmates.length ? ["; other records: ", ...join(groupmates, recordLink)] : null),
      d.related ? line(d.related[0], ...join(d.related[1], recordLink), ` (rule ${d.related[2]}, score ${d.related[3] ?? "none"}: ${d.related[4]})`) : [],
      line("Types", (d.types || []).join(", ")), line("Languages", (d.languages || []).join(", ")), line("MeSH", (d.mesh || []).join("; ")), line("Keywords", (d.keywords || []).join("; ")), line("Notices", (d.links || []).join(", ")), line("Original title", bdi(d.vernacular || "")), line("Hash of the text judged", d.hash ? el("code", {}, d.hash) : ""), line("Record id", get(i, "record")))));
  paint();
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}
function datesOf(d) { const words = ["entered", "Entrez date", "MeSH date"]; return [(d.dates || []).map((v, k) => v ? `${words[k]} ${v}` : "").filter(Boolean).join(", ")]; }
$("card").addEventListener("close", () => { if (/^#(pmid|record)-/.test(location.hash)) history.replaceState(null, "", "#decisions"); const row = document.querySelector(`#table [data-at] a:focus`); if (!row) $("q").focus({ preventScroll: true }); });
$("card").addEventListener("click", e => { if (e.target === $("card")) $("card").close(); });

// What is shown, as files: ids, CSV safe from spreadsheet formulas, RIS.
function save(name, content, type) { const url = URL.createObjectURL(new Blob([content], { type })); el("a", { href: url, download: name }).click(); setTimeout(() => URL.revokeObjectURL(url), 1000); }
const cell = v => { let s = String(v ?? ""); if (/^'*[=+\-@\t\r]/.test(s)) s = "'" + s; return /[",\n\r]/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s; };
$("csv").onclick = () => save("records.csv", ["record,pmid,doi,year,title,authors,journal,state,box,decided_by,reason", ...shown.map(i => ["record", "pmid", "doi", "year", "title", "authors", "journal", "state", "box", "decided_by", "reason"].map(k => cell(get(i, k))).join(","))].join("\n") + "\n", "text/csv");
$("ris").onclick = async () => { await ready; save("records.ris", shown.map(i => { const d = details.records[i] || {}, clean = s => String(s ?? "").replace(/\s+/g, " "); const tags = [["TY", "JOUR"], ["TI", d.title || get(i, "title")], ...(d.authors || "").split("; ").filter(Boolean).map(x => ["AU", x]), ["T2", get(i, "journal")], ["PY", get(i, "year")], ["DO", get(i, "doi")], ["AN", get(i, "pmid")], ["AB", d.abstract], ["N1", "state: " + get(i, "state")]]; return tags.filter(([, v]) => v !== "" && v !== null && v !== undefined).map(([t, v]) => `${t}  - ${clean(v)}`).join("\n") + "\nER  - \n"; }).join("\n"), "application/x-research-info-systems"); };
$("copy").onclick = async e => { const list = shown.map(i => get(i, "pmid")).filter(Boolean), button = e.target; try { await navigator.clipboard.writeText(list.join("\n")); button.textContent = `Copied ${number(list.length)}`; } catch { save("pmids.txt", list.join("\n") + "\n", "text/plain"); } setTimeout(() => { button.textContent = "Copy PMIDs"; }, 2000); };

$("filters").addEventListener("input", update);
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
  const i = place.get(hash) ?? place.get(decoded(hash)) ?? byId.get(decoded(hash.replace(/^record-/, "")));
  if (i !== undefined) openCard(i); else if ($("card").open) $("card").close();
}
addEventListener("hashchange", route);
// The same link twice in a row changes no hash, and would do nothing.
document.addEventListener("click", e => { const a = e.target.closest("a"); const href = a && a.getAttribute("href"); if (href && href[0] === "#" && href === location.hash) { e.preventDefault(); route(); } });
addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach(d => { if (!d.open && !d.matches("[data-screen]")) { d.open = true; d.dataset.opened = ""; } }));
addEventListener("afterprint", () => document.querySelectorAll("[data-opened]").forEach(d => { d.open = false; delete d.dataset.opened; }));

// Contents: the section in view.
const links = new Map([...document.querySelectorAll(".contents a")].map(a => [a.getAttribute("href").slice(1), a]));
const seen = new Set();
const watch = new IntersectionObserver(entries => {
  for (const e of entries) if (e.isIntersecting) seen.add(e.target.id); else seen.delete(e.target.id);
  const current = [...links.keys()].find(id => seen.has(id));
  for (const [id, a] of links) if (id === current) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
}, { rootMargin: "-10% 0px -70% 0px" });
for (const id of links.keys()) watch.observe($(id));

$("filters").hidden = false;
update();
if (location.hash) route();
})();
