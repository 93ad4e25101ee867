// The records embedded in this page: unpacking, filters, the table. Text from records is only ever set as
// text, never as markup. Without this script the page still reads: diagram, strategies, first rows.
const $ = id => document.getElementById(id);
async function unpack(base64) {
  const raw = atob(base64.trim()), bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
const core = await unpack($("core").textContent);
const col = Object.fromEntries(core.columns.map((name, i) => [name, i]));
const rows = core.records;
const PAGE = 25, ON_PAPER = 50;
const EFFECT = { met: "the record stays", "not met": "excludes the record", unclear: "a person must say", conflict: "a person must say" };
// Plain tables carry these fragments for readers without JavaScript; here they open lists and cards.
document.querySelectorAll("[id^=box-], [id^=pair-]").forEach(node => node.removeAttribute("id"));
const STATE = { already_known: "already known", not_retrieved: "not retrieved", excluded_full_text: "excluded on full text", awaiting: "awaiting a person" };
const get = (i, name) => { const v = rows[i][col[name]]; return core.codes[name] ? core.codes[name][v] : v; };
const label = Object.fromEntries(core.criteria.map(c => [c.id, c.label]));
const excluded = Object.fromEntries(core.criteria.map(c => [c.id, c.exclusion_label]));
const why = text => { const k = text.lastIndexOf(": "); return k > 0 && label[text.slice(k + 2)] ? text.slice(0, k + 2) + label[text.slice(k + 2)] : excluded[text] || text; };
const names = [...core.criteria.map(c => c.id.replaceAll("-", " ")), ...core.topics];

// Where each record is linked: the first record of a PMID is #pmid-…, every other #record-….
const place = new Map(), link = [];
rows.forEach((r, i) => {
  const pmid = r[col.pmid];
  let key = pmid && !place.has("pmid-" + pmid) ? "pmid-" + pmid : "record-" + encodeURIComponent(r[col.record]);
  place.set(key, i); link[i] = key;
});
const byId = new Map(rows.map((r, i) => [r[col.record], i]));

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v === null || v === undefined || v === false) continue;
    if (k === "class") node.className = v; else if (k.startsWith("on")) node.addEventListener(k.slice(2), v); else node.setAttribute(k, v);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== "" && child !== false) node.append(child);
  return node;
}
const bdi = s => s ? el("bdi", {}, s) : "";
const state = s => el("span", { class: "state " + s.replaceAll("_", "-") }, STATE[s] || s);
const number = n => n.toLocaleString("en-GB");
const many = (n, one) => `${number(n)} ${one}${n === 1 ? "" : "s"}`;
const frame = () => new Promise(done => setTimeout(done));

// Search text: what the table shows at once, abstracts as their parcels are unpacked. They are kept apart: a
// text that is put together is copied when it is first searched, and the first key would wait for all of them.
const text = rows.map((r, i) => fold([r[col.title], r[col.authors], get(i, "journal"), r[col.pmid], r[col.doi], r[col.record]].join(" ")));
const abstracts = rows.map(() => "");
function fold(s) { return s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

// Details of the records that the page holds, by position in the table. A parcel is unpacked once: when a
// card asks for it, or in its turn.
const parcels = $("details").textContent.trim().split("\n");
const head = await unpack(parcels.shift());
const PARCEL = head.parcel;
const where = new Map(head.order.map((i, k) => [i, k]));
const held = new Array(rows.length), asked = [];
const mates = new Map(core.groups.flatMap(at => at.map(i => [i, at])));
function parcel(k) {
  asked[k] ??= unpack(parcels[k]).then(list => list.forEach((d, j) => {
    const i = head.order[k * PARCEL + j];
    held[i] = d;
    if (d.abstract) abstracts[i] = fold(d.abstract);
  })).catch(() => {});
  return asked[k];
}
async function detailsOf(i) {
  if (!where.has(i)) return {};
  await parcel(Math.floor(where.get(i) / PARCEL));
  return held[i] || {};
}
const everything = frame().then(async () => {
  for (let k = 0; k < parcels.length; k++) { await parcel(k); await frame(); }
  if ($("q").value) update();
});

// Facets: one select each; "" stands for all. What tells the rules' opinion or another person's is `tells`.
const NONE = "\u0000none";
const CHANGE = { gained: "new", re_decided: "decided otherwise", refound: "found by another strategy" };
const changed = rows.map(() => []);
for (const [change, at] of Object.entries(core.changes)) for (const i of at) changed[i].push(change);
const facets = [
  { id: "state", title: "State", of: i => [get(i, "state")], word: s => STATE[s] || s, multi: true, front: true, tells: true },
  { id: "topic", title: "Topic", of: i => { const t = get(i, "topics"); return t.length ? t.map(k => core.topics[k]) : [NONE]; }, word: s => s === NONE ? "no topic" : s, front: true },
  { id: "change", title: "Since the last run", of: i => changed[i].length ? changed[i] : [NONE], word: s => s === NONE ? "unchanged" : CHANGE[s] || s, front: true, skip: !Object.keys(core.changes).length },
  { id: "reason", title: "Reason", of: i => [get(i, "reason") || NONE], word: s => s === NONE ? "no reason" : why(s), tells: true },
  { id: "criterion", title: "Deciding criterion", of: i => [get(i, "criterion") || NONE], word: s => s === NONE ? "none" : label[s] || s, tells: true },
  { id: "strategy", title: "Strategy", of: i => get(i, "lane") === "databases" ? get(i, "found_by").map(k => core.strategies[k]) : [], word: s => s },
  { id: "by", title: "Decided by", of: i => [get(i, "decided_by")], word: s => s, tells: true },
  { id: "lane", title: "Lane", of: i => [get(i, "lane")], word: s => s === "other" ? "other methods" : s },
  { id: "retracted", title: "Retraction", of: i => [get(i, "retracted") ? "retracted" : NONE], word: s => s === NONE ? "not retracted" : s },
].filter(f => !f.skip);
const years = rows.map(r => r[col.year]).filter(y => y !== null);
for (const f of facets) {
  f.values = rows.map((_, i) => f.of(i));
  const counts = new Map();
  for (const vs of f.values) for (const v of vs) counts.set(v, (counts.get(v) || 0) + 1);
  const order = f.id === "topic" ? [...core.topics, NONE] : f.id === "strategy" ? core.strategies : f.id === "criterion" ? [...core.criteria.map(c => c.id), NONE] : [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  f.select = el("select", { id: "f-" + f.id }, el("option", { value: "" }, "all"), order.filter(v => counts.has(v)).map(v => el("option", { value: v }, `${f.word(v)} (${number(counts.get(v))})`)));
  f.label = el("label", {}, f.title, f.select);
  $(f.front ? "front" : "facets").append(f.label);
}
// A person's own choices change while the page is open: their facet is asked anew each time.
const mine = el("select", { id: "f-mine" }, [["", "all"], [NONE, "not decided yet"], ["include", "include"], ["exclude", "exclude"], ["unsure", "unsure"]].map(([v, w]) => el("option", { value: v }, w)));
$("front").append(el("label", {}, "Your decision", mine));
const from = el("input", { type: "number", id: "f-from", placeholder: years.length ? String(Math.min(...years)) : "" });
const to = el("input", { type: "number", id: "f-to", placeholder: years.length ? String(Math.max(...years)) : "" });
$("facets").append(el("label", {}, "Year from", from), el("label", {}, "Year to", to));

let shown = [], page = 0, box = null, paper = false;
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
    if (mine.value && (outcomeOf(i) || NONE) !== mine.value) continue;
    if (words.length && !words.every(w => text[i].includes(w) || abstracts[i].includes(w))) continue;
    shown.push(i);
  }
  page = 0;
  draw();
}
function draw() {
  const table = $("table"), blind = isBlind();
  const heads = blind ? ["Record", "Year", "Your decision"] : ["Record", "Year", "State", "Decided by", "Why", "Your decision"];
  table.tHead.rows[0].replaceChildren(...heads.map(h => el("th", { scope: "col" }, h)));
  const slice = paper ? shown.slice(0, ON_PAPER) : shown.slice(page * PAGE, (page + 1) * PAGE);
  table.tBodies[0].replaceChildren(...slice.map(i => el("tr", { "data-at": i },
    el("td", {}, el("a", { href: "#" + link[i] }, bdi(get(i, "title") || get(i, "record"))), get(i, "retracted") ? [" ", el("strong", { class: "retracted" }, "Retracted")] : null,
      el("span", { class: "quiet" }, bdi([get(i, "authors").replace(/\.$/, ""), get(i, "journal")].filter(Boolean).join(". ")), get(i, "pmid") ? " · PMID " + get(i, "pmid") : " · " + get(i, "record"))),
    el("td", {}, get(i, "year") === null ? "" : String(get(i, "year"))),
    blind ? null : [el("td", {}, state(get(i, "state"))), el("td", {}, bdi(get(i, "decided_by"))), el("td", {}, bdi(why(get(i, "reason"))))],
    el("td", { class: "mine" }, outcomeOf(i)))));
  if (!slice.length) table.tBodies[0].append(el("tr", {}, el("td", { colspan: heads.length }, "No record matches.")));
  $("summary").textContent = `${number(shown.length)} of ${many(rows.length, "record")}`;
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  $("pager").hidden = pages === 1;
  $("where").textContent = `Page ${page + 1} of ${pages}`;
  $("previous").disabled = page === 0; $("next").disabled = page + 1 >= pages;
  progress();
}
function turn(by) { page += by; draw(); show("decisions"); }

function openBox(name) {
  const b = core.boxes[name];
  if (!b || isBlind()) return false;
  reset(); box = b; update();
  $("boxline").hidden = false;
  $("boxline").replaceChildren(el("b", {}, b.label), `: ${many(b.n, b.unit === "study" ? "studie" : "record").replace("studie", b.n === 1 ? "study" : "studie")}. ${rows.length < core.all && b.at.length < b.n ? `This page lists ${b.at.length.toLocaleString("en")} of them; decisions.csv has all. ` : ""}SHA-256 of their ids `, el("code", {}, b.sha256), " ", el("button", { type: "button", onclick: () => { location.hash = "#records"; showAll(); } }, "Show all records"));
  show("decisions");
  return true;
}
function showAll() { reset(); update(); }
function reset() { $("filters").reset(); facets.forEach(f => f.select.querySelectorAll("[data-pair]").forEach(o => o.remove())); box = null; $("boxline").hidden = true; }
function show(id) {
  const node = $(id);
  if (!node) return;
  for (let d = node.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  node.scrollIntoView({ behavior: "instant" });
}
function filterBy(query) {
  reset();
  for (const [k, v] of new URLSearchParams(query)) {
    if (k === "q") $("q").value = v; else if (k === "from") from.value = v; else if (k === "to") to.value = v; else if (k === "mine") mine.value = v === "none" ? NONE : v;
    const f = facets.find(x => x.id === k); if (!f || (f.tells && isBlind() && v !== "awaiting")) continue;
    const value = v === "none" && f.id !== "criterion" ? NONE : v;
    if (f.multi && v.includes(",")) f.select.append(el("option", { value: v, "data-pair": "" }, v.split(",").map(f.word).join(" or ")));
    f.select.value = value;
    if (!f.front) $("more").open = true;
  }
  update(); show("decisions");
}
