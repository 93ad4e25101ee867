"""PRISMA-S and PRISMA 2020 items in two columns: what the review reported, what this run did.

The left column describes and never scores. The status speaks
of this run alone, and nothing is filled by default: what a person must declare and has not is MISSING.

What a person declares for a run stands in the protocol under `declared`, by item number:
`declared: {prisma_s: {3: none, 14: "PRESS by ..., 2026-11-20"}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from resift import __version__
from resift.documents import FlowDocument, FlowPart, SearchDocument
from resift.prisma.limits import limits_in_words
from resift.prisma.statements import PRISMA_2020, PRISMA_S, Item, declares_none
from resift.project.run import Run
from resift.tables import ChecklistRow
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, FullText, Status

NOT_REPORTED = "not reported"
MISSING = Status.MISSING.value
NCBI = "https://eutils.ncbi.nlm.nih.gov/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a checklist reads: `run.yaml`, every `search/<strategy>.json`, and `flow.json`."""

    run: Run
    searches: Sequence[SearchDocument]
    flow: FlowDocument

    @property
    def protocol(self) -> Mapping[str, Any]:
        """The protocol as the run froze it."""
        return self.run.protocol

    @property
    def live(self) -> bool:
        """Whether PubMed itself was asked, and not a folder or another server in its place."""
        config = self.run.config
        host = urlsplit(config.get("eutils") or NCBI).hostname or ""
        return config.get("source") == "pubmed" and f".{host}".endswith(".ncbi.nlm.nih.gov")

    @property
    def platform(self) -> str:
        """What was searched, in words."""
        if self.live:
            return "PubMed (NLM), through E-utilities"
        if self.run.config.get("source") == "pubmed":
            return "An E-utilities server other than NCBI's"
        return "A folder of PubMed XML, evaluated by resift in place of PubMed's own search"


@dataclass(frozen=True, slots=True)
class _Done:
    text: str
    status: Status
    evidence: str


def prisma_s(facts: RunFacts) -> list[ChecklistRow]:
    """The 16 items of PRISMA-S, in order."""
    fill = {
        "1": _databases,
        "2": _multi_database,
        "3": _registries,
        "4": lambda f: _person(f, "4", "This run browsed no web site, table of contents or print source"),
        "5": _citation_searching,
        "6": lambda f: _person(f, "6", "This run contacted nobody"),
        "7": _other_methods,
        "8": _full_strategies,
        "9": _limits,
        "10": _filters,
        "11": _prior_work,
        "12": _updates,
        "13": _dates,
        "14": _peer_review,
        "15": _totals,
        "16": _deduplication,
    }
    reported = (facts.protocol.get("reported") or {}).get("prisma_s") or {}
    return [_row(item, reported, fill[item.number](facts)) for item in PRISMA_S]


def prisma_2020(facts: RunFacts, *, validation: str = "The rules are not validated") -> list[ChecklistRow]:
    """PRISMA 2020 items 5-8, 16a, 16b and 27: what a search and screening pipeline can speak to.

    `validation` says in item 8 how the rules were validated.
    """
    fill = {
        "5": _criteria,
        "6": _sources,
        "7": _full_strategies,
        "8": lambda f: _selection(f, validation),
        "16a": _flow_diagram,
        "16b": _excluded_reports,
        "27": _availability,
    }
    stated = facts.protocol.get("reported") or {}
    reported = dict(stated.get("prisma_2020") or {})
    quotes = facts.protocol.get("provenance") or {}
    for number, part in (("5", "screening"), ("6", "databases")):
        quote = (quotes.get(part) or {}).get("quote")
        if quote and number not in reported:
            reported[number] = f"\u201c{' '.join(quote.split())}\u201d"
    if stated.get("query"):
        reported.setdefault("7", stated["query"])
    return [_row(item, reported, fill[item.number](facts)) for item in PRISMA_2020]


def _row(item: Item, reported: Mapping[str, Any], done: _Done) -> ChecklistRow:
    told = reported.get(item.number)
    return ChecklistRow(
        item=item.number,
        name=item.name,
        reported=_told(told),
        done=done.text,
        status=done.status,
        evidence=done.evidence,
    )


def _told(told: Any) -> str:
    """What the review reports: the judgement with the review's words, or the words alone."""
    if told is None:
        return NOT_REPORTED
    if not isinstance(told, Mapping):
        return " ".join(str(told).split())
    quote = " ".join(str(told.get("quote") or "").split())
    note = " ".join(str(told.get("note") or "").split())
    words = f"{told['judged']}: \u201c{quote}\u201d" if quote else str(told["judged"])
    return f"{words} ({note})" if note else words


def _person(facts: RunFacts, number: str, otherwise: str, found: str = "") -> _Done:
    """An item that a person must declare: what stands under `declared`, else MISSING (or what was found)."""
    declared = ((facts.protocol.get("declared") or {}).get("prisma_s") or {}).get(number)
    if declared is not None:
        told = " ".join(str(declared).split())
        none = declares_none(told)
        text = "None, as declared" if none else told
        return _Done(text, Status.EXPLICIT_NONE if none else Status.DECLARED, "protocol: declared")
    if found:
        return _Done(found, Status.PARTIAL, "protocol")
    return _Done(f"{otherwise}; the protocol declares nothing here", Status.MISSING, "")


def _imports(facts: RunFacts, *, register: bool) -> list[str]:
    entries = facts.protocol.get("imports") or []
    return [entry["database"] for entry in entries if bool(entry.get("register")) is register]


def _databases(facts: RunFacts) -> _Done:
    names = [facts.platform, *(f"{name} (imported file)" for name in _imports(facts, register=False))]
    return _Done("; ".join(names), Status.AUTO, "run.yaml")


def _multi_database(facts: RunFacts) -> _Done:
    imported = _imports(facts, register=False)
    if not imported:
        return _Done("Not applicable: one database on one platform", Status.AUTO, "run.yaml")
    return _Done("No platform was used to search several databases at once", Status.AUTO, "run.yaml")


def _registries(facts: RunFacts) -> _Done:
    names = _imports(facts, register=True)
    if names:
        return _Done("; ".join(f"{name} (imported file)" for name in names), Status.AUTO, "protocol: imports")
    return _person(facts, "3", "No study registry was searched by this run")


def _citation_searching(facts: RunFacts) -> _Done:
    other = facts.protocol.get("other_methods") or {}
    references = other.get("references") or {}
    rounds = references.get("rounds", 0)
    if not rounds:
        if references:
            return _Done("None: the protocol sets 0 rounds", Status.EXPLICIT_NONE, "protocol: other_methods")
        return _person(facts, "5", "Neither cited nor citing references were examined")
    seeds = references.get("seeds", "eligible")
    found = sum(part.n for part in _other_sources(facts) if part.label.lower().startswith("citation"))
    text = (
        f"Backward citation searching, {counted(rounds, 'round')}, from {seeds} reports: "
        f"{counted(found, 'distinct cited work')}"
    )
    lists = facts.flow.reference_lists
    text += f"; reference lists available for {lists.available} of {counted(lists.seeds, 'seed')}"
    partial = lists.available != lists.seeds
    if lists.unavailable:
        text += f". {lists.unavailable}"
    elif partial:
        text += ", the rest not searched"
    return _Done(text, Status.PARTIAL if partial else Status.AUTO, "references.csv")


def _other_sources(facts: RunFacts) -> Sequence[FlowPart]:
    """What other methods found, by method."""
    box = facts.flow.find(Box.IDENTIFIED_OTHER, Column.OTHER)
    return box.parts if box else ()


def _other_methods(facts: RunFacts) -> _Done:
    other = facts.protocol.get("other_methods") or {}
    by_hand = sum(part.n for part in _other_sources(facts) if part.label.lower().startswith("hand"))
    if other.get("handsearched") and by_hand:
        text = f"Hand-searched citations read from a file: {counted(by_hand, 'record')}"
        return _Done(text, Status.AUTO, "flow.json")
    return _person(facts, "7", "No further source or method was used")


def _full_strategies(facts: RunFacts) -> _Done:
    names = ", ".join(s.name for s in facts.searches)
    n = counted(len(facts.searches), "strategy", "strategies")
    text = f"{n}, each as written, as sent and as translated: {names}"
    messages = sum(len(_said(s)) for s in facts.searches)
    if messages:
        text += f"; {counted(messages, 'message')} of the source, verbatim"
    return _with_imports(facts, text, "query", "search/*.json")


def _with_imports(facts: RunFacts, text: str, key: str, evidence: str) -> _Done:
    """What is known of this run's own search, and of each imported file; what nobody gave is MISSING."""
    entries = facts.protocol.get("imports") or []
    told = [
        f"{entry['database']}: "
        f"{MISSING if entry.get(key) in (None, '') else ' '.join(str(entry[key]).split())}"
        for entry in entries
    ]
    whole = all(entry.get(key) not in (None, "") for entry in entries)
    joined = f"{text}. Imported, {key} as the protocol gives it: {'; '.join(told)}" if told else text
    return _Done(joined, Status.AUTO if whole else Status.PARTIAL, evidence)


def _said(search: SearchDocument) -> list[str]:
    """What the source itself said of a query (resift's own approximations are not its words)."""
    return [text for _, text in (*search.errors, *search.warnings)]


def _limits(facts: RunFacts) -> _Done:
    limits = limits_in_words(facts.run)
    if not limits:
        return _Done("No limits were used", Status.AUTO, "run.yaml")
    text = "; ".join(limits)
    window = facts.protocol.get("window") or {}
    languages = facts.protocol.get("languages") or []
    declared = ((facts.protocol.get("declared") or {}).get("prisma_s") or {}).get("9")
    if declared:
        return _Done(f"{text}. {' '.join(str(declared).split())}", Status.DECLARED, "protocol: declared")
    provenance = facts.protocol.get("provenance") or {}
    used = [name for name, value in (("window", window), ("languages", languages)) if value]
    ours = facts.run.as_of or (facts.run.until and not window)  # a day of this run's configuration
    if not ours and all((provenance.get(name) or {}).get("status") == "stated" for name in used):
        return _Done(f"{text}; taken over from the review as it states them", Status.AUTO, "run.yaml")
    return _Done(f"{text}; no justification is given", Status.PARTIAL, "run.yaml")


# Signs of published filters in PubMed syntax: subset and filter tags, and the opening of the animal filter.
_FILTERS = (
    (re.compile(r'"?([\w -]+?)"?\s*\[(?:sb|filter)\]', re.I), "{}[filter]"),
    (re.compile(r'"?animals"?\[mh[^\]]*\]\s+NOT\s+"?humans"?\[mh[^\]]*\]', re.I), "animals NOT humans"),
)


def _filters(facts: RunFacts) -> _Done:
    found = {
        shown.format(match.group(1).strip() if match.lastindex else "")
        for search in facts.searches
        for pattern, shown in _FILTERS
        for match in pattern.finditer(search.expanded)
    }
    if found:
        text = f"Recognised in the strategies: {', '.join(sorted(found))}; not cited in the protocol"
        return _person(facts, "10", "", found=text)
    return _person(facts, "10", "No published filter was recognised in the strategies")


def _prior_work(facts: RunFacts) -> _Done:
    citation = (facts.protocol.get("review") or {}).get("citation")
    if not citation:
        return _person(facts, "11", "No earlier review is named")
    rebuilt = [s.name for s in facts.searches if s.provenance != "stated"]
    stated = len(facts.searches) - len(rebuilt)
    text = f"A rerun of {' '.join(str(citation).split())} Strategies stated by it: {stated}; reconstructed: "
    return _Done(text + str(len(rebuilt)), Status.AUTO, "run.yaml")


def _updates(facts: RunFacts) -> _Done:
    earlier = facts.run.compare_with
    method = "An update is a full rerun of every strategy minus the records already known"
    if earlier:
        return _Done(f"{method}; compared with run {earlier}", Status.AUTO, "changes.csv")
    return _Done(f"{method}; this run has no earlier one to compare with", Status.AUTO, "changes.csv")


def _dates(facts: RunFacts) -> _Done:
    dates = [f"{s.name}: {s.searched_at or NOT_REPORTED}" for s in facts.searches]
    builds = sorted({s.database_build for s in facts.searches if s.database_build})
    text = "; ".join(dates) + (f". Database build: {', '.join(builds)}" if builds else "")
    return _with_imports(facts, text, "date", "search/*.json")


def _peer_review(facts: RunFacts) -> _Done:
    findings = sum(len(s.lint) for s in facts.searches)
    return _person(
        facts,
        "14",
        f"The strategies were linted ({counted(findings, 'finding')}), which is no peer review by a person",
    )


def _totals(facts: RunFacts) -> _Done:
    named = {**facts.flow.sources.databases, **facts.flow.sources.registers}
    parts = [f"{name}: {n}" for name, n in sorted(named.items())]
    parts += [f"{part.label}: {part.n}" for part in _other_sources(facts)]
    text = "; ".join(parts) or "No records"
    others = [f"{s.name} {s.count}" for s in facts.searches if not s.primary]
    if others:
        text += f". Other candidate strategies: {', '.join(others)}"
    return _with_imports(facts, text, "count", "flow.json")


def _deduplication(facts: RunFacts) -> _Done:
    removed = facts.flow.n(Box.DUPLICATES_REMOVED)
    text = (
        f"resift {__version__}: records grouped into reports by identifiers, then by title, authors, "
        f"year and pages; every pair with its rule and evidence. Duplicate records removed: {removed}"
    )
    others = facts.flow.n(Box.DUPLICATES_REMOVED, Column.OTHER)
    if others:
        text += f", and {others} among other methods"
    return _Done(text, Status.AUTO, "duplicates/*.csv")


def _criteria(facts: RunFacts) -> _Done:
    if not facts.protocol.get("screening"):
        return _Done("No criteria file: every record waits for a person", Status.MISSING, "")
    return _Done(
        "Ordered criteria as PubMed queries, each with its reason; records tagged by topics, queries too",
        Status.AUTO,
        "screening/*.csv",
    )


def _sources(facts: RunFacts) -> _Done:
    one, five, thirteen = _databases(facts), _citation_searching(facts), _dates(facts)
    status = five.status if five.status in (Status.PARTIAL, Status.MISSING) else Status.AUTO
    return _Done(f"{one.text}. {five.text}. Searched {thirteen.text}", status, "search/*.json")


def _selection(facts: RunFacts, validation: str) -> _Done:
    role = facts.flow.automation_role
    if facts.flow.rules_only:
        text = (
            "Criteria applied by rules to title, abstract and indexing; no person read these records. "
            f"{validation}"
        )
        return _Done(text, Status.PARTIAL, "decisions.csv")
    how = (
        "Rules marked records as ineligible before people screened"
        if role == "prefilter"
        else "Rules and people screened; a person's decision stands over the rules'"
    )
    automation = facts.flow.n(Box.EXCLUDED_BY_AUTOMATION) + facts.flow.n(Box.MARKED_INELIGIBLE)
    return _Done(
        f"{how}. Excluded by a human: {facts.flow.n(Box.EXCLUDED_BY_HUMAN)}, by automation tools: "
        f"{automation}. {validation}",
        Status.PARTIAL,
        "decisions.csv",
    )


def _flow_diagram(facts: RunFacts) -> _Done:
    checked = facts.flow.identities
    return _Done(
        f"Flow diagram adapted from PRISMA 2020; each number is a set of records, {len(checked)} identities "
        "between boxes checked",
        Status.AUTO,
        "flow.json",
    )


def _excluded_reports(facts: RunFacts) -> _Done:
    if facts.flow.full_text is not FullText.ASSESSED:
        return _Done("Full texts were not assessed", Status.MISSING, "")
    n = sum(facts.flow.n(Box.EXCLUDED_FULL_TEXT, lane) for lane in (Column.DATABASES, Column.OTHER))
    text = f"{counted(n, 'report')} excluded on full text, each with its reason"
    return _Done(text, Status.AUTO, "decisions.csv")


def _availability(facts: RunFacts) -> _Done:
    declared = ((facts.protocol.get("declared") or {}).get("prisma_2020") or {}).get("27")
    if declared:
        return _Done(" ".join(str(declared).split()), Status.DECLARED, "protocol: declared")
    return _Done(
        "Protocol, answers as received, records, decisions, flow and code stand in the run folder with their "
        "hashes; where it is deposited is not declared",
        Status.PARTIAL,
        "manifest.json",
    )
