// The card of one record, and two records side by side.
const MARKABLE = ["title", "abstract"];
const card = $("card");
const bar = el("div", { class: "bar" }), body = el("div", { class: "body" }), foot = el("div", { class: "foot" });
card.append(el("div", { class: "card" }, bar, body, foot));
// What the open card is of: a position in the table, or a pair. Nothing is decided on what is not drawn yet.
let current = null, drawn = null;

function topBar(at, of, step) {
  const go = (by, text) => el("button", { type: "button", disabled: at + by < 0 || at + by >= of || at < 0, onclick: () => step(by) }, text);
  bar.replaceChildren(el("span", {}, go(-1, "Previous"), go(1, "Next")), el("span", { class: "quiet" }, at >= 0 ? `${number(at + 1)} of ${number(of)}` : ""), el("span", {}, el("button", { type: "button", "aria-haspopup": "dialog", onclick: () => $("help").showModal() }, "Keys"), el("button", { type: "button", id: "close", onclick: () => card.close() }, "Close")));
}
function raise(title) {
  card.setAttribute("aria-label", title);
  if (!card.open) card.showModal();
  card.scrollTop = 0;
  body.querySelector("h2").focus({ preventScroll: true });
}
function step(by) {
  if (current === null) return;
  if (current.pair !== undefined) { const p = current.pair + by; if (core.pairs[p]) openPair(p); return; }
  const k = shown.indexOf(current.at) + by;
  if (k >= 0 && k < shown.length) openCard(shown[k]);
}
const line = (name, ...value) => value.flat().filter(v => v !== null && v !== "" && v !== undefined).length ? [el("dt", {}, name), el("dd", {}, ...value)] : [];
const join = (items, f) => items.flatMap((x, k) => [k ? "; " : "", f(x)]);
const recordLink = id => { const k = byId.get(id); return k === undefined ? id : el("a", { href: "#" + link[k] }, id); };
function idsOf(i, d) {
  return [
    get(i, "pmid") ? el("a", { href: `https://pubmed.ncbi.nlm.nih.gov/${get(i, "pmid")}/`, rel: "noreferrer" }, "PMID " + get(i, "pmid")) : null,
    get(i, "doi") ? [" · ", el("a", { href: "https://doi.org/" + encodeURI(get(i, "doi")), rel: "noreferrer" }, "doi:" + get(i, "doi"))] : null,
    d.pmcid ? [" · ", el("a", { href: `https://pmc.ncbi.nlm.nih.gov/articles/${encodeURIComponent(d.pmcid)}/`, rel: "noreferrer" }, d.pmcid)] : null];
}

async function openCard(i) {
  const me = current = { at: i };
  history.replaceState(null, "", "#" + link[i]);
  const d = await detailsOf(i);
  if (current !== me) return;
  const blind = isBlind();
  let only = null;
  const spans = (d.spans || []).map(([c, f, start, end, clause, quote]) => ({ c, field: head.fields[f], start, end, clause: head.clauses[clause], quote }));
  const title = d.title || get(i, "title") || get(i, "record");
  const used = [...new Set(spans.map(s => s.c))].sort((x, y) => x - y);
  const heading = el("h2", { id: "card-title", tabindex: -1 }), abstract = el("p", { class: "abstract" });
  const paint = () => {
    heading.replaceChildren(...marked(title, spans.filter(s => s.field === "title")));
    abstract.replaceChildren(...(d.abstract ? marked(d.abstract, spans.filter(s => s.field === "abstract")) : [el("span", { class: "quiet" }, held[i] ? "No abstract." : "The abstract and the evidence of this record are not on this page: see records/ and screening/ in the run folder.")]));
    if (d.cut) abstract.append(el("span", { class: "quiet" }, `\n… ${number(d.cut - d.abstract.length)} more characters; the record's file has them all.`));
    for (const b of legend.children) b.setAttribute("aria-pressed", String(only === +b.dataset.c));
  };
  // Blind, the words of the criteria stand out alike, whatever they speak for.
  const marked = (s, list) => {
    const chosen = list.filter(x => only === null || x.c === only).filter(x => x.start < s.length);
    const cuts = [...new Set([0, s.length, ...chosen.flatMap(x => [x.start, Math.min(x.end, s.length)])])].sort((x, y) => x - y);
    const out = [];
    for (let k = 0; k + 1 < cuts.length; k++) {
      const [p, q] = [cuts[k], cuts[k + 1]], here = chosen.filter(x => x.start <= p && x.end >= q), part = s.slice(p, q);
      if (!here.length) { out.push(part); continue; }
      const c = here[0].c, topic = c >= core.criteria.length;
      out.push(el("mark", blind ? { class: "t" } : { class: topic ? "t" : "k" + c % 6, title: [...new Set(here.map(x => `${names[x.c]}: ${x.clause}`))].join("; ") }, part));
    }
    return [el("bdi", {}, out)];
  };
  const legend = el("div", { class: "legend", role: "group", "aria-label": "Evidence shown" }, blind ? null : used.map(c => el("button", { type: "button", "data-c": c, class: c < core.criteria.length ? "k" + c % 6 : "t", "aria-pressed": "false", onclick: () => { only = only === c ? null : c; paint(); } }, (c < core.criteria.length ? "" : "topic: ") + names[c])));
  const elsewhere = spans.filter(s => !MARKABLE.includes(s.field) || s.quote);
  const lane = get(i, "lane"), found = get(i, "found_by");
  const groupmates = (mates.get(i) || []).filter(k => k !== i).map(k => get(k, "record"));
  topBar(shown.indexOf(i), shown.length, step);
  body.replaceChildren(
    el("p", { class: "eyebrow" }, blind ? "Blind: what rules and other people say is hidden" : state(get(i, "state")), get(i, "retracted") ? [" ", el("strong", { class: "retracted" }, "Retracted publication")] : null),
    heading,
    el("p", { class: "quiet" }, bdi([d.authors, d.collective].filter(Boolean).join("; ") || get(i, "authors"))),
    el("p", { class: "quiet" }, bdi([get(i, "journal"), d.place].filter(Boolean).join(" ")), get(i, "journal") || d.place ? el("br") : null, idsOf(i, d)),
    legend.children.length ? legend : "", abstract,
    blind ? "" : el("div", {},
      el("h3", {}, "Decision"),
      el("dl", {}, line("State", state(get(i, "state")), ", box ", get(i, "box").replaceAll("_", " ")), line("Decided by", bdi(get(i, "decided_by"))), line("Reason", bdi(why(get(i, "reason")))), line("The rules alone say", bdi(d.auto || "")), line("People", bdi(d.human || "")), line("Otherwise", bdi(d.flips || "")), line("Topics", get(i, "topics").map(t => core.topics[t]).join(", "))),
      (d.answers || []).length ? [el("h3", {}, "Criteria"), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Criteria" }, el("table", {}, el("thead", {}, el("tr", {}, ["Criterion", "Answer", "Clause", "Looked for, not found"].map(t => el("th", { scope: "col" }, t)))), el("tbody", {}, d.answers.map(([c, answer, clause, missing]) => el("tr", {}, el("th", { scope: "row" }, core.criteria[c].label, el("span", { class: "part" }, names[c])), el("td", {}, el("span", { class: "answer " + answer.replace(" ", "-") }, answer), el("span", { class: "part" }, EFFECT[answer])), el("td", {}, el("code", {}, clause)), el("td", {}, el("span", { class: "quiet" }, missing)))))))] : null,
      elsewhere.length ? [el("h3", {}, "Evidence outside title and abstract"), el("dl", {}, elsewhere.map(s => line(names[s.c], el("code", {}, s.quote), el("span", { class: "quiet" }, ` in ${s.field.replace(/\[\d+\]$/, "").replaceAll("_", " ")}, by ${s.clause}`))))] : null),
    el("h3", {}, "Indexing and trail"),
    el("dl", {},
      line("Types", (d.types || []).join(", ")), line("Languages", (d.languages || []).join(", ")), line("MeSH", (d.mesh || []).join("; ")), line("Keywords", (d.keywords || []).join("; ")), line("Original title", bdi(d.vernacular || "")), line("Notices", (d.links || []).join(", ")),
      line("Found by", lane === "databases" ? found.map(k => core.strategies[k]).join(", ") : join(found, recordLink)),
      line("In the window", d.window || ""), line("First seen", d.seen || ""), line("In PubMed", ...datesOf(d)),
      d.group ? line("Report", d.group === get(i, "record") ? "stands for its report" : ["same report as ", recordLink(d.group)], groupmates.length ? ["; other records: ", ...join(groupmates, recordLink)] : null) : [],
      d.related ? line(d.related[0], ...join(d.related[1], recordLink), ` (rule ${d.related[2]}, score ${d.related[3] ?? "none"}: ${d.related[4]})`) : [],
      line("Hash of the text judged", d.hash ? el("code", {}, d.hash.slice(0, 16)) : ""), line("Record id", get(i, "record"))));
  paint();
  me.subject = { record: get(i, "record"), text: d.hash || "", stage: null };
  drawn = me;
  decisionBar();
  raise(title);
}
function datesOf(d) { const words = ["entered", "Entrez date", "MeSH date"]; return [(d.dates || []).map((v, k) => v ? `${words[k]} ${v}` : "").filter(Boolean).join(", ")]; }

// Two records that may be one report: what differs is marked, in words for those who do not see the colour.
async function openPair(p) {
  const [one, two, rule, score, evidence] = core.pairs[p];
  const me = current = { pair: p };
  history.replaceState(null, "", `#pair-${p + 1}`);
  const both = [one, two], d = [await detailsOf(one), await detailsOf(two)];
  if (current !== me) return;
  const fields = [
    ["Title", k => d[k].title || get(both[k], "title")], ["Authors", k => d[k].authors || get(both[k], "authors")], ["Group authors", k => d[k].collective],
    ["Journal", k => get(both[k], "journal")], ["Year, volume, pages", k => d[k].place || String(get(both[k], "year") ?? "")], ["DOI", k => get(both[k], "doi")], ["PMID", k => get(both[k], "pmid")], ["PMCID", k => d[k].pmcid],
    ["Types", k => (d[k].types || []).join(", ")], ["Language", k => (d[k].languages || []).join(", ")], ["Notices", k => (d[k].links || []).join(", ")], ["Record", k => get(both[k], "record")], ["Abstract", k => d[k].abstract],
  ].map(([name, of]) => [name, of(0) || "", of(1) || ""]).filter(([, a, b]) => a || b);
  topBar(p, core.pairs.length, step);
  body.replaceChildren(
    el("h2", { id: "card-title", tabindex: -1 }, `One report, or two? Pair ${p + 1} of ${core.pairs.length}`),
    isBlind() ? "" : el("p", { class: "quiet" }, `Deduplication asks: ${rule}${score === null ? "" : `, score ${score}`}. ${evidence}`),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Side by side" }, el("table", { class: "side" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Field"), both.map(i => el("th", { scope: "col" }, get(i, "record"))))),
      el("tbody", {}, fields.map(([name, a, b]) => { const differs = name !== "Record" && a !== b; return el("tr", { class: differs ? "differs" : null }, el("th", { scope: "row" }, name, el("span", { class: "part" }, name === "Record" ? "" : !a || !b ? "one only" : differs ? "differs" : "same")), el("td", {}, bdi(a)), el("td", {}, bdi(b))); })))));
  me.subject = { record: get(one, "record"), other: get(two, "record"), text: d[0].hash || "", stage: "duplicate" };
  drawn = me;
  decisionBar();
  raise("Side by side");
}

card.addEventListener("close", () => {
  const at = current && current.at;
  current = drawn = null;
  if (/^#(pmid|record|pair)-/.test(location.hash)) history.replaceState(null, "", "#decisions");
  // Deciding goes on down the list: the page of the table follows, and the focus stays on the record.
  const k = shown.indexOf(at);
  if (k >= 0 && Math.floor(k / PAGE) !== page) page = Math.floor(k / PAGE);
  draw();
  const row = document.querySelector(`#table [data-at="${at}"] a`);
  (row || $("q")).focus({ preventScroll: !row });
});
for (const dialog of [card, $("help")]) dialog.addEventListener("click", e => { if (e.target === dialog || e.target.closest("[data-close]")) dialog.close(); });
