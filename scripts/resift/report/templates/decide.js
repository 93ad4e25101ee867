// Deciding: one person's choices, kept in this browser under the run, saved as rows of human-decisions.csv.
// Every choice is a key of its own, so that a second tab takes nothing away.
const PREFIX = `resift:${core.protocol}:${core.run}:`;
const WORDS = { include: "Include", exclude: "Exclude", unsure: "Unsure", not_retrieved: "Not retrieved", same: "Same report", different: "Different reports" };
const DONE = { include: "included", exclude: "excluded", unsure: "unsure", not_retrieved: "not retrieved", same: "same report", different: "different reports" };
const KEYS = { include: "i", exclude: "e", not_retrieved: "e", unsure: "u", same: "s", different: "d" };
const memory = new Map();
let lasting = true;
const store = {
  get(key) { return memory.get(key) ?? null; },
  set(key, value) { memory.set(key, value); try { localStorage.setItem(PREFIX + key, value); } catch { lasting = false; } },
  drop(key) { memory.delete(key); try { localStorage.removeItem(PREFIX + key); } catch { lasting = false; } },
};
try {
  for (let k = 0; k < localStorage.length; k++) { const key = localStorage.key(k); if (key.startsWith(PREFIX)) memory.set(key.slice(PREFIX.length), localStorage.getItem(key)); }
} catch { lasting = false; }

// choices: "reviewer|stage|record|other" → the row as it will be saved.
const choices = new Map();
const keyOf = row => ["choice", row.reviewer, row.stage, row.record, row.other_record].map(encodeURIComponent).join("|");
for (const [key, value] of memory) if (key.startsWith("choice|")) choices.set(key, JSON.parse(value));
const reviewer = $("reviewer"), role = $("role"), stage = $("stage"), blindBox = $("blind");
reviewer.value = store.get("reviewer") || ""; role.value = store.get("role") || "reviewer"; stage.value = store.get("stage") || "title_abstract"; blindBox.checked = store.get("blind") === "yes";
const isBlind = () => blindBox.checked;
const who = () => reviewer.value.trim();
const rowOf = (record, at, other) => choices.get(keyOf({ reviewer: who(), stage: at || stage.value, record, other_record: other || "" }));
const outcomeOf = i => { const row = rowOf(get(i, "record")); return row ? row.outcome : ""; };
const chosen = subject => rowOf(subject.record, subject.stage, subject.other);
const all = () => [...choices.values()].filter(row => row.outcome && row.reviewer === who());
const refused = name => !name ? "Say who decides: a name or initials." : core.decide.reserved.includes(name.toLowerCase()) ? `“${name}” stands for what no named person decided; use initials.` : "";

function keep(subject, change) {
  const former = chosen(subject) || { outcome: "", reason: "", note: "" };
  const row = { ...former, ...change, reviewer: who(), role: role.value, stage: subject.stage || stage.value, record: subject.record, other_record: subject.other || "",
    decided_at: new Date().toISOString().replace(/\.\d+Z/, "Z"), blind: isBlind() ? "yes" : "no", text_sha256: subject.text, criteria_version: core.version };
  choices.set(keyOf(row), row);
  store.set(keyOf(row), JSON.stringify(row));
  store.set("unsaved", String(+(store.get("unsaved") || 0) + 1));
  return row;
}
function takeBack(subject) {
  const row = chosen(subject);
  if (!row) return;
  choices.delete(keyOf(row)); store.drop(keyOf(row));
  said = "Taken back.";
}
function progress() {
  const done = shown.reduce((n, i) => n + (outcomeOf(i) ? 1 : 0), 0);
  $("bar").max = Math.max(1, shown.length); $("bar").value = done;
  $("progress").textContent = `${number(done)} of ${number(shown.length)} decided`;
  const rowsKept = all(), unsaved = +(store.get("unsaved") || 0);
  $("kept").textContent = !lasting ? "This browser keeps nothing: save before you close the page." : rowsKept.length ? `${many(rowsKept.length, "decision")} of ${who()} kept in this browser${unsaved ? ", not all saved yet" : ", saved"}.` : "";
  $("export").disabled = $("forget").disabled = !rowsKept.length;
  $("decide").disabled = !shown.length;
  $("decide").textContent = done === 0 ? `Decide ${shown.length === 1 ? "this record" : `these ${number(shown.length)} records`}` : done < shown.length ? `Go on: ${number(shown.length - done)} to decide` : "All decided: look again";
  return [done, shown.length];
}

// The foot of a card: what may be decided, what was, and why.
let asking = "", said = "";
const live = el("p", { class: "said", role: "status" });
function outcomesNow() { return core.decide.outcomes[drawn.subject.stage || stage.value]; }
function decisionBar() {
  const subject = drawn.subject, row = chosen(subject);
  const now = row && row.outcome ? [el("b", {}, DONE[row.outcome]), row.reason ? [": ", bdi(row.reason)] : null] : ["not decided"];
  const trouble = refused(who());
  const choose = el("div", { class: "choices", role: "group", "aria-label": "Your decision" },
    outcomesNow().map(o => el("button", { type: "button", class: "choice " + o, "aria-pressed": String(!!row && row.outcome === o), "aria-keyshortcuts": KEYS[o], onclick: () => decide(o) }, WORDS[o], " ", el("kbd", { "aria-hidden": "true" }, KEYS[o].toUpperCase()))),
    el("button", { type: "button", "aria-keyshortcuts": "n", onclick: () => ask("note") }, row && row.note ? "Note ✓" : "Note", " ", el("kbd", { "aria-hidden": "true" }, "N")),
    row ? el("button", { type: "button", "aria-keyshortcuts": "z", onclick: undo }, "Take back ", el("kbd", { "aria-hidden": "true" }, "Z")) : null);
  const step = subject.stage === "duplicate" ? "Pair" : stage.selectedOptions[0].textContent;
  const [done, of] = subject.stage === "duplicate" ? [core.pairs.filter(([a, b]) => (rowOf(get(a, "record"), "duplicate", get(b, "record")) || {}).outcome).length, core.pairs.length] : progress();
  foot.replaceChildren(
    el("p", { class: "now" }, el("span", {}, `${step[0].toUpperCase()}${step.slice(1)}${who() ? `, ${who()}` : ""}: `, now, row && row.note ? [" · ", bdi(row.note)] : null), el("span", { class: "count" }, `${number(done)} of ${number(of)}`)),
    asking === "who" ? whoForm(trouble) : asking === "exclude" ? reasonForm() : asking === "note" ? noteForm() : choose, live);
  live.textContent = said;
}
const field = (id, title, props) => { const input = el("input", { id, autocomplete: "off", ...props }); return [input, el("label", { for: id }, title)]; };
function form(id, title, value, hint, submit, extra) {
  const [input, name] = field(id, title, {});
  input.value = value;
  const node = el("form", { class: "ask", onsubmit: e => { e.preventDefault(); submit(input.value.trim()); } }, name, el("span", { class: "row" }, input, el("button", { type: "submit" }, "Keep"), el("button", { type: "button", onclick: () => ask("") }, "Cancel")), hint ? el("p", { class: "quiet" }, hint) : null, extra);
  queueMicrotask(() => input.focus());
  return node;
}
const whoForm = trouble => form("who", "Who decides?", who(), trouble, name => { reviewer.value = name; if (!refused(name)) { setting(); ask(""); } else ask("who"); });
const noteForm = () => form("note", "Note", (chosen(drawn.subject) || {}).note || "", "", note => { keep(drawn.subject, { note }); ask(""); });
function reasonForm() {
  const needed = stage.value === "full_text";
  const reasons = core.criteria.map(c => c.exclusion_label || c.label).slice(0, 9);
  const node = form("reason", "Reason" + (needed ? "" : " (may stay empty)"), "", needed ? "An exclusion on full text needs a reason (PRISMA 2020, item 16b)." : "", reason => { if (reason || !needed) finish("exclude", reason); else node.querySelector("input").focus(); },
    reasons.length ? el("div", { class: "reasons", role: "group", "aria-label": "Reasons" }, reasons.map((r, k) => el("button", { type: "button", onclick: () => finish("exclude", r) }, el("kbd", { "aria-hidden": "true" }, String(k + 1)), " ", r))) : null);
  node.querySelector("input").addEventListener("keydown", e => { const r = reasons[+e.key - 1]; if (!e.target.value && r && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); finish("exclude", r); } });
  return node;
}
function ask(what) {
  asking = what && what !== "who" && refused(who()) ? "who" : what;
  if (!drawn) return;
  decisionBar();
  if (!asking) body.querySelector("h2").focus({ preventScroll: true });
}
function decide(outcome) {
  if (!drawn || drawn !== current) return;
  if (refused(who())) return ask("who");
  if (outcome === "exclude") return ask("exclude");
  finish(outcome, "");
}
function finish(outcome, reason) {
  keep(drawn.subject, { outcome, reason });
  said = `${WORDS[outcome]}${reason ? `: ${reason}` : ""}, kept.`;
  asking = "";
  const at = drawn.at, k = at === undefined ? drawn.pair : shown.indexOf(at), of = at === undefined ? core.pairs.length : shown.length;
  if (k >= 0 && k + 1 < of) step(1); else { if (k >= 0) said += " That was the last of this list."; ask(""); }
}
function undo() { takeBack(drawn.subject); ask(""); }

document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const typing = e.target.closest("input, select, textarea");
  if (e.key === "?" && !typing) { e.preventDefault(); $("help").open ? $("help").close() : $("help").showModal(); return; }
  if (!card.open || $("help").open || !drawn) return;
  if (e.key === "Escape" && asking) { e.preventDefault(); ask(""); return; }
  if (typing || e.repeat && !["j", "k", "ArrowRight", "ArrowLeft"].includes(e.key)) return;
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  const outcome = outcomesNow().find(o => KEYS[o] === key);
  const act = outcome ? () => decide(outcome) : { j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1), n: () => ask("note"), z: undo, b: () => { blindBox.checked = !blindBox.checked; setBlind(); } }[key];
  if (act) { e.preventDefault(); said = ""; act(); }
});
// Escape asks a dialog to close before the page hears of it where the field has the focus.
card.addEventListener("cancel", e => { if (asking) { e.preventDefault(); ask(""); } });

// Blind: the page shows the records, and nothing of what rules and others made of them.
function setBlind() {
  store.set("blind", isBlind() ? "yes" : "no");
  document.body.classList.toggle("blinded", isBlind());
  // That a record awaits a person tells no opinion: this one state may still be asked for.
  for (const f of facets) if (f.tells) {
    const free = o => !o.value || (f.id === "state" && o.value === "awaiting");
    f.label.hidden = isBlind() && f.id !== "state";
    for (const o of f.select.options) o.hidden = o.disabled = isBlind() && !free(o);
    if (isBlind() && !free(f.select)) f.select.value = "";
  }
  if (isBlind() && box) { box = null; $("boxline").hidden = true; }
  const again = current;
  if (card.open && again) {
    // The record stays open, in the list as it is now.
    const i = again.at; update(); if (i === undefined) openPair(again.pair); else openCard(i);
  } else update();
}
function setting() { store.set("reviewer", who()); store.set("role", role.value); store.set("stage", stage.value); if (mine.value) update(); else draw(); }
for (const input of [reviewer, role, stage]) input.addEventListener("change", setting);
blindBox.addEventListener("change", setBlind);
addEventListener("storage", e => {
  if (!e.key || !e.key.startsWith(PREFIX + "choice|")) return;
  const key = e.key.slice(PREFIX.length);
  if (e.newValue === null) { choices.delete(key); memory.delete(key); } else { choices.set(key, JSON.parse(e.newValue)); memory.set(key, e.newValue); }
  draw();
});
$("decide").onclick = () => { said = ""; const i = shown.find(k => !outcomeOf(k)); openCard(i === undefined ? shown[0] : i); };
$("help-open").onclick = () => $("help").showModal();

// Files: ids, CSV safe from spreadsheet formulas, RIS, and decisions out and in.
function save(name, content, type) { const url = URL.createObjectURL(new Blob([content], { type })); el("a", { href: url, download: name }).click(); setTimeout(() => URL.revokeObjectURL(url), 1000); }
// An apostrophe before what a spreadsheet would compute, and off again (as `neutralise` of resift.rows).
const FORMULA = /^'*[=+\-@\t\r\n]/;
const given = s => s[0] === "'" && FORMULA.test(s) ? s.slice(1) : s;
const cell = v => { let s = String(v ?? ""); if (FORMULA.test(s)) s = "'" + s; return /[",\n\r]/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s; };
const table = (columns, list) => [columns.join(","), ...list.map(row => columns.map(c => cell(row[c])).join(","))].join("\n") + "\n";
$("export").onclick = () => {
  const list = all().sort((a, b) => a.decided_at < b.decided_at ? -1 : a.decided_at > b.decided_at ? 1 : 0);
  save(`decisions-${core.run}-${who().replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`, table(core.decide.columns, list), "text/csv");
  store.set("unsaved", "0");
  progress();
};
$("import").onchange = async e => {
  const [columns, ...lines] = readCsv(await e.target.files[0].text());
  let read = 0, skipped = 0;
  for (const cells of lines) {
    const row = Object.fromEntries(columns.map((c, k) => [c.trim(), given(cells[k] ?? "")]));
    if (!byId.has(row.record) || !(core.decide.outcomes[row.stage] || []).includes(row.outcome) || refused(row.reviewer || "")) { skipped++; continue; }
    const kept = Object.fromEntries(core.decide.columns.map(c => [c, row[c] ?? ""])), former = choices.get(keyOf(kept));
    if (!former || former.decided_at <= kept.decided_at) { choices.set(keyOf(kept), kept); store.set(keyOf(kept), JSON.stringify(kept)); }
    if (!who()) reviewer.value = kept.reviewer;
    read++;
  }
  setting();
  $("kept").textContent = `${many(read, "decision")} read${skipped ? `, ${many(skipped, "row")} left out: not of this run, or not a decision` : ""}.`;
  e.target.value = "";
};
function readCsv(s) {
  const out = [[]]; let value = "", quoted = false;
  s = s.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  for (let k = 0; k < s.length; k++) {
    const c = s[k];
    if (quoted) { if (c !== '"') value += c; else if (s[k + 1] === '"') { value += c; k++; } else quoted = false; }
    else if (c === '"') quoted = true;
    else if (c === "," || c === "\n") { out.at(-1).push(value); value = ""; if (c === "\n") out.push([]); }
    else value += c;
  }
  if (value || out.at(-1).length) out.at(-1).push(value);
  return out.filter(cells => cells.length > 1 && !cells[0].startsWith("#"));
}
$("forget").onclick = () => {
  if (!confirm(`Forget all ${all().length} decisions of ${who()} in this browser? What you saved as CSV stays.`)) return;
  for (const row of all()) { choices.delete(keyOf(row)); store.drop(keyOf(row)); }
  store.set("unsaved", "0");
  update();
};
const LISTED = ["record", "pmid", "doi", "year", "title", "authors", "journal", "state", "box", "decided_by", "reason"];
$("csv").onclick = () => { const columns = isBlind() ? LISTED.slice(0, 7) : LISTED; save("records.csv", table(columns, shown.map(i => Object.fromEntries(columns.map(k => [k, get(i, k)])))), "text/csv"); };
$("ris").onclick = async () => { await everything; save("records.ris", shown.map(i => { const d = held[i] || {}, clean = s => String(s ?? "").replace(/\s+/g, " "); const tags = [["TY", "JOUR"], ["TI", d.title || get(i, "title")], ...(d.authors || "").split("; ").filter(Boolean).map(x => ["AU", x]), ["T2", get(i, "journal")], ["PY", get(i, "year")], ["DO", get(i, "doi")], ["AN", get(i, "pmid")], ["AB", d.abstract], ["N1", isBlind() ? "" : "state: " + get(i, "state")]]; return tags.filter(([, v]) => v !== "" && v !== null && v !== undefined).map(([t, v]) => `${t}  - ${clean(v)}`).join("\n") + "\nER  - \n"; }).join("\n"), "application/x-research-info-systems"); };
$("copy").onclick = async e => { const list = shown.map(i => get(i, "pmid")).filter(Boolean), button = e.target; try { await navigator.clipboard.writeText(list.join("\n")); button.textContent = `Copied ${number(list.length)}`; } catch { save("pmids.txt", list.join("\n") + "\n", "text/plain"); } setTimeout(() => { button.textContent = "Copy PMIDs"; }, 2000); };
