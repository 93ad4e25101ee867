"""Whether a search is to be trusted as it stands: an answer that the earlier run does not let expect."""

from __future__ import annotations

from dataclasses import dataclass

from resift.changes.searched import Searches
from resift.pubmed.source import NO_ITEMS, SearchAnswer
from resift.tables import Anomaly

FEW = 10
"""A rise by no more records than this is none, whatever share it is."""


@dataclass(frozen=True, slots=True)
class Planned:
    """By how much a count may move between two runs before a person must look, in percent of the earlier
    count: `fall` downwards (records leave PubMed rarely), `rise` upwards."""

    fall: float = 0.0
    rise: float = 50.0


def anomalies(searches: Searches, planned: Planned) -> list[Anomaly]:
    """Strategies sent word for word as before whose answer is not as before: fewer records, far more, read
    otherwise by the server, or with a message that is new. What we changed ourselves is no anomaly."""
    found = []
    for was, is_ in sorted(searches.same_query.items()):
        then, now = searches.before.said.get(was), searches.now.said.get(is_)
        if then is None or now is None:
            continue
        why = [_fell(then, now, planned), _rose(then, now, planned), *_messages(then, now)]
        if not searches.same_translation.get(was, True):
            why.append(f"the server translates it otherwise: {then.translation} then, {now.translation} now")
        found += [Anomaly(strategy=is_, why=text) for text in why if text]
    return found


def _fell(then: SearchAnswer, now: SearchAnswer, planned: Planned) -> str:
    if now.count >= then.count * (1 - planned.fall / 100):
        return ""
    return f"the count fell from {then.count:,} to {now.count:,}"


def _rose(then: SearchAnswer, now: SearchAnswer, planned: Planned) -> str:
    if now.count <= max(then.count * (1 + planned.rise / 100), then.count + FEW):
        return ""
    return f"the count rose from {then.count:,} to {now.count:,}, more than {planned.rise:g} %"


def _messages(then: SearchAnswer, now: SearchAnswer) -> list[str]:
    new = {*now.errors, *now.warnings} - {*then.errors, *then.warnings}
    return [f"a message that is new: {kind}: {text}" for kind, text in sorted(new) if text != NO_ITEMS]
