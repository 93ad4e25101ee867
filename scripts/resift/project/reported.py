"""What a review reports of its search, as a person judged it: read with advice, never scored as free text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resift.errors import ConfigError, nearest
from resift.project.yaml import check_date

JUDGED_ITEMS = ("1", "2", "8", "9", "13", "15")
"""The PRISMA-S items that a verdict rests on (Rethlefsen et al., J Clin Epidemiol 2024;166:111229)."""
JUDGEMENTS = ("yes", "partly", "no")
NOT_APPLICABLE = "not applicable"


def judgements_as_text(content: dict[str, Any]) -> None:
    """YAML reads `judged: yes` as true; here it is the word."""
    items = _mapping(_mapping(content.get("reported")).get("prisma_s"))
    for entry in items.values():
        if isinstance(entry, dict) and isinstance(entry.get("judged"), bool):
            entry["judged"] = "yes" if entry["judged"] else "no"


def check_reported(content: Mapping[str, Any], where: str) -> None:
    """Raise `ConfigError` with advice where `reported` holds what a verdict could only guess at."""
    reported = _mapping(content.get("reported"))
    for number, entry in _mapping(reported.get("prisma_s")).items():
        _check_item(str(number), entry, where)
    _check_counts(reported.get("records_identified"), content.get("databases"), where)
    date = reported.get("search_date")
    if date is not None:
        fix = "write a day, a month or a year (2012-12-31), or null where the review gives none"
        try:
            check_date(str(date), where="")
        except (ValueError, ConfigError):
            raise ConfigError(
                f"key 'reported.search_date': '{date}' is not a date", where=where, fix=fix
            ) from None


def _check_item(number: str, entry: Any, where: str) -> None:
    key = f"key 'reported.prisma_s.{number}'"
    advice = (
        f'judge it and give the review\'s words: {number}: {{judged: yes, quote: "..."}}; '
        f"{', '.join(JUDGEMENTS)}{' or ' + NOT_APPLICABLE if number == '2' else ''}, "
        "or null where the review is silent"
    )
    if entry is None:
        return
    if not isinstance(entry, Mapping):
        if number in JUDGED_ITEMS or isinstance(entry, bool):
            shown = {True: "yes", False: "no"}.get(entry, entry) if isinstance(entry, bool) else entry
            raise ConfigError(f"{key}: '{shown}' is no judgement with its quote", where=where, fix=advice)
        return
    judged = entry.get("judged")
    allowed = (*JUDGEMENTS, NOT_APPLICABLE) if number == "2" else JUDGEMENTS
    if judged not in allowed:
        raise ConfigError(f"{key}: judged cannot be '{judged}'", where=where, fix=advice)
    if judged in ("yes", "partly") and not str(entry.get("quote") or "").strip():
        raise ConfigError(f"{key}: judged {judged} without a quote", where=where, fix=advice)


def _check_counts(told: Any, databases: Any, where: str) -> None:
    """`records_identified` is a total, or a number for each database of the protocol beside a total."""
    if not isinstance(told, Mapping):
        return
    known = [*(databases if isinstance(databases, list) else []), "total"]
    for name, n in told.items():
        if name not in known:
            near = nearest(str(name), [str(one) for one in known])
            raise ConfigError(
                f"key 'reported.records_identified': the protocol names no database '{name}'",
                where=where,
                fix=f"did you mean '{near}'?" if near else f"known: {', '.join(map(str, known))}",
            )
        if n is not None and (not isinstance(n, int) or isinstance(n, bool) or n < 0):
            raise ConfigError(
                f"key 'reported.records_identified.{name}': '{n}' is not a number of records",
                where=where,
                fix="a whole number, or null where the review prints none",
            )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
