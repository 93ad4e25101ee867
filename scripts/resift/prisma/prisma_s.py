"""The 16 items of PRISMA-S: what the review reported of its search, and what this run did.

What a person declares for a run stands in the protocol under `declared`, by item number:
`declared: {prisma_s: {3: none, 14: "PRESS by ..., 2026-11-20"}}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from resift import __version__
from resift.documents import FlowPart, SearchDocument
from resift.prisma.checklist import MISSING, NOT_REPORTED, Done, RunFacts, row
from resift.prisma.limits import limits_in_words
from resift.prisma.statements import PRISMA_S, declares_none
from resift.tables import ChecklistRow
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, Status


def prisma_s(facts: RunFacts) -> list[ChecklistRow]:
    """The 16 items of PRISMA-S, in order."""
    fill = {
        "1": databases,
        "2": _multi_database,
        "3": _registries,
        "4": lambda f: _person(f, "4", "This run browsed no web site, table of contents or print source"),
        "5": citation_searching,
        "6": lambda f: _person(f, "6", "This run contacted nobody"),
        "7": _other_methods,
        "8": full_strategies,
        "9": _limits,
        "10": _filters,
        "11": _prior_work,
        "12": _updates,
        "13": dates_of_searches,
        "14": _peer_review,
        "15": _totals,
        "16": _deduplication,
    }
    reported = (facts.protocol.get("reported") or {}).get("prisma_s") or {}
    return [row(item, reported, fill[item.number](facts)) for item in PRISMA_S]


def _person(facts: RunFacts, number: str, otherwise: str, found: str = "") -> Done:
    """An item that a person must declare: what stands under `declared`, else MISSING (or what was found)."""
    declared = ((facts.protocol.get("declared") or {}).get("prisma_s") or {}).get(number)
    if declared is not None:
        told = " ".join(str(declared).split())
        none = declares_none(told)
        text = "None, as declared" if none else told
        return Done(text, Status.EXPLICIT_NONE if none else Status.DECLARED, "protocol: declared")
    if found:
        return Done(found, Status.PARTIAL, "protocol")
    return Done(f"{otherwise}; the protocol declares nothing here", Status.MISSING, "")


def _imports(facts: RunFacts, *, register: bool) -> list[str]:
    entries = facts.protocol.get("imports") or []
    return [entry["database"] for entry in entries if bool(entry.get("register")) is register]


def databases(facts: RunFacts) -> Done:
    """Item 1."""
    names = [facts.platform, *(f"{name} (imported file)" for name in _imports(facts, register=False))]
    return Done("; ".join(names), Status.AUTO, "run.yaml")


def _multi_database(facts: RunFacts) -> Done:
    imported = _imports(facts, register=False)
    if not imported:
        return Done("Not applicable: one database on one platform", Status.AUTO, "run.yaml")
    return Done("No platform was used to search several databases at once", Status.AUTO, "run.yaml")


def _registries(facts: RunFacts) -> Done:
    names = _imports(facts, register=True)
    if names:
        return Done("; ".join(f"{name} (imported file)" for name in names), Status.AUTO, "protocol: imports")
    return _person(facts, "3", "No study registry was searched by this run")


def citation_searching(facts: RunFacts) -> Done:
    """Item 5."""
    other = facts.protocol.get("other_methods") or {}
    references = other.get("references") or {}
    rounds = references.get("rounds", 0)
    if not rounds:
        if references:
            return Done("None: the protocol sets 0 rounds", Status.EXPLICIT_NONE, "protocol: other_methods")
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
    return Done(text, Status.PARTIAL if partial else Status.AUTO, "references.csv")


def _other_sources(facts: RunFacts) -> Sequence[FlowPart]:
    """What other methods found, by method."""
    box = facts.flow.find(Box.IDENTIFIED_OTHER, Column.OTHER)
    return box.parts if box else ()


def _other_methods(facts: RunFacts) -> Done:
    other = facts.protocol.get("other_methods") or {}
    by_hand = sum(part.n for part in _other_sources(facts) if part.label.lower().startswith("hand"))
    if other.get("handsearched") and by_hand:
        text = f"Hand-searched citations read from a file: {counted(by_hand, 'record')}"
        return Done(text, Status.AUTO, "flow.json")
    return _person(facts, "7", "No further source or method was used")


def full_strategies(facts: RunFacts) -> Done:
    """Item 8."""
    names = ", ".join(s.name for s in facts.searches)
    n = counted(len(facts.searches), "strategy", "strategies")
    text = f"{n}, each as written, as sent and as translated: {names}"
    messages = sum(len(_said(s)) for s in facts.searches)
    if messages:
        text += f"; {counted(messages, 'message')} of the source, verbatim"
    return _with_imports(facts, text, "query", "search/*.json")


def _with_imports(facts: RunFacts, text: str, key: str, evidence: str) -> Done:
    """What is known of this run's own search, and of each imported file; what nobody gave is MISSING."""
    entries = facts.protocol.get("imports") or []
    told = [
        f"{entry['database']}: "
        f"{MISSING if entry.get(key) in (None, '') else ' '.join(str(entry[key]).split())}"
        for entry in entries
    ]
    whole = all(entry.get(key) not in (None, "") for entry in entries)
    joined = f"{text}. Imported, {key} as the protocol gives it: {'; '.join(told)}" if told else text
    return Done(joined, Status.AUTO if whole else Status.PARTIAL, evidence)


def _said(search: SearchDocument) -> list[str]:
    """What the source itself said of a query (resift's own approximations are not its words)."""
    return [text for _, text in (*search.errors, *search.warnings)]


def _limits(facts: RunFacts) -> Done:
    limits = limits_in_words(facts.run)
    if not limits:
        return Done("No limits were used", Status.AUTO, "run.yaml")
    text = "; ".join(limits)
    window = facts.protocol.get("window") or {}
    languages = facts.protocol.get("languages") or []
    declared = ((facts.protocol.get("declared") or {}).get("prisma_s") or {}).get("9")
    if declared:
        return Done(f"{text}. {' '.join(str(declared).split())}", Status.DECLARED, "protocol: declared")
    provenance = facts.protocol.get("provenance") or {}
    used = [name for name, value in (("window", window), ("languages", languages)) if value]
    ours = facts.run.as_of or (facts.run.until and not window)  # a day of this run's configuration
    if not ours and all((provenance.get(name) or {}).get("status") == "stated" for name in used):
        return Done(f"{text}; taken over from the review as it states them", Status.AUTO, "run.yaml")
    return Done(f"{text}; no justification is given", Status.PARTIAL, "run.yaml")


# Signs of published filters in PubMed syntax: subset and filter tags, and the opening of the animal filter.
_FILTERS = (
    (re.compile(r'"?([\w -]+?)"?\s*\[(?:sb|filter)\]', re.I), "{}[filter]"),
    (re.compile(r'"?animals"?\[mh[^\]]*\]\s+NOT\s+"?humans"?\[mh[^\]]*\]', re.I), "animals NOT humans"),
)


def _filters(facts: RunFacts) -> Done:
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


def _prior_work(facts: RunFacts) -> Done:
    citation = (facts.protocol.get("review") or {}).get("citation")
    if not citation:
        return _person(facts, "11", "No earlier review is named")
    rebuilt = [s.name for s in facts.searches if s.provenance != "stated"]
    stated = len(facts.searches) - len(rebuilt)
    text = f"A rerun of {' '.join(str(citation).split())} Strategies stated by it: {stated}; reconstructed: "
    return Done(text + str(len(rebuilt)), Status.AUTO, "run.yaml")


def _updates(facts: RunFacts) -> Done:
    earlier = facts.run.compare_with
    method = "An update is a full rerun of every strategy minus the records already known"
    if earlier:
        return Done(f"{method}; compared with run {earlier}", Status.AUTO, "changes.csv")
    return Done(f"{method}; this run has no earlier one to compare with", Status.AUTO, "changes.csv")


def dates_of_searches(facts: RunFacts) -> Done:
    """Item 13."""
    dates = [f"{s.name}: {s.searched_at or NOT_REPORTED}" for s in facts.searches]
    builds = sorted({s.database_build for s in facts.searches if s.database_build})
    text = "; ".join(dates) + (f". Database build: {', '.join(builds)}" if builds else "")
    return _with_imports(facts, text, "date", "search/*.json")


def _peer_review(facts: RunFacts) -> Done:
    findings = sum(len(s.lint) for s in facts.searches)
    return _person(
        facts,
        "14",
        f"The strategies were linted ({counted(findings, 'finding')}), which is no peer review by a person",
    )


def _totals(facts: RunFacts) -> Done:
    named = {**facts.flow.sources.databases, **facts.flow.sources.registers}
    parts = [f"{name}: {n}" for name, n in sorted(named.items())]
    parts += [f"{part.label}: {part.n}" for part in _other_sources(facts)]
    text = "; ".join(parts) or "No records"
    others = [f"{s.name} {s.count}" for s in facts.searches if not s.primary]
    if others:
        text += f". Other candidate strategies: {', '.join(others)}"
    return _with_imports(facts, text, "count", "flow.json")


def _deduplication(facts: RunFacts) -> Done:
    removed = facts.flow.n(Box.DUPLICATES_REMOVED)
    text = (
        f"resift {__version__}: records grouped into reports by identifiers, then by title, authors, "
        f"year and pages; every pair with its rule and evidence. Duplicate records removed: {removed}"
    )
    others = facts.flow.n(Box.DUPLICATES_REMOVED, Column.OTHER)
    if others:
        text += f", and {others} among other methods"
    return Done(text, Status.AUTO, "duplicates/*.csv")
