"""The items of PRISMA 2020 that a search and screening pipeline can speak to, as reported and as done."""

from __future__ import annotations

from resift.prisma.checklist import Done, RunFacts, row
from resift.prisma.prisma_s import citation_searching, databases, dates_of_searches, full_strategies
from resift.prisma.statements import PRISMA_2020
from resift.tables import ChecklistRow
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, FullText, Status


def prisma_2020(facts: RunFacts, *, validation: str = "The rules are not validated") -> list[ChecklistRow]:
    """PRISMA 2020 items 5-8, 16a, 16b and 27: what a search and screening pipeline can speak to.

    `validation` says in item 8 how the rules were validated.
    """
    fill = {
        "5": _criteria,
        "6": _sources,
        "7": full_strategies,
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
    return [row(item, reported, fill[item.number](facts)) for item in PRISMA_2020]


def _criteria(facts: RunFacts) -> Done:
    if not facts.protocol.get("screening"):
        return Done("No criteria file: every record waits for a person", Status.MISSING, "")
    return Done(
        "Ordered criteria as PubMed queries, each with its reason; records tagged by topics, queries too",
        Status.AUTO,
        "screening/*.csv",
    )


def _sources(facts: RunFacts) -> Done:
    one, five, thirteen = databases(facts), citation_searching(facts), dates_of_searches(facts)
    status = five.status if five.status in (Status.PARTIAL, Status.MISSING) else Status.AUTO
    return Done(f"{one.text}. {five.text}. Searched {thirteen.text}", status, "search/*.json")


def _selection(facts: RunFacts, validation: str) -> Done:
    role = facts.flow.automation_role
    if facts.flow.rules_only:
        text = (
            "Criteria applied by rules to title, abstract and indexing; no person read these records. "
            f"{validation}"
        )
        return Done(text, Status.PARTIAL, "decisions.csv")
    how = (
        "Rules marked records as ineligible before people screened"
        if role == "prefilter"
        else "Rules and people screened; a person's decision stands over the rules'"
    )
    automation = facts.flow.n(Box.EXCLUDED_BY_AUTOMATION) + facts.flow.n(Box.MARKED_INELIGIBLE)
    return Done(
        f"{how}. Excluded by a human: {facts.flow.n(Box.EXCLUDED_BY_HUMAN)}, by automation tools: "
        f"{automation}. {validation}",
        Status.PARTIAL,
        "decisions.csv",
    )


def _flow_diagram(facts: RunFacts) -> Done:
    checked = facts.flow.identities
    return Done(
        f"Flow diagram adapted from PRISMA 2020; each number is a set of records, {len(checked)} identities "
        "between boxes checked",
        Status.AUTO,
        "flow.json",
    )


def _excluded_reports(facts: RunFacts) -> Done:
    if facts.flow.full_text is not FullText.ASSESSED:
        return Done("Full texts were not assessed", Status.MISSING, "")
    n = sum(facts.flow.n(Box.EXCLUDED_FULL_TEXT, lane) for lane in (Column.DATABASES, Column.OTHER))
    text = f"{counted(n, 'report')} excluded on full text, each with its reason"
    return Done(text, Status.AUTO, "decisions.csv")


def _availability(facts: RunFacts) -> Done:
    declared = ((facts.protocol.get("declared") or {}).get("prisma_2020") or {}).get("27")
    if declared:
        return Done(" ".join(str(declared).split()), Status.DECLARED, "protocol: declared")
    return Done(
        "Protocol, answers as received, records, decisions, flow and code stand in the run folder with their "
        "hashes; where it is deposited is not declared",
        Status.PARTIAL,
        "manifest.json",
    )
