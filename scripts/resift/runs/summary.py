"""`summary.json`: what a scheduler needs, in numbers and in one paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from resift.project.run import Run

NOTHING_NEW = 0
TO_LOOK_AT = 10


def summarise(
    run: Run,
    flow: Mapping[str, Any],
    changes: Sequence[Mapping[str, str]],
    searches: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The summary of a finished run. Exit code 10 when the earlier run differs, else 0."""
    counts = {box["key"]: box["n"] for box in flow["boxes"] if box["n"] is not None}
    changed = dict(sorted(Counter(row["change"] for row in changes).items()))
    code = TO_LOOK_AT if changes else NOTHING_NEW
    found = "; ".join(f"{search['name']} {search['count']}" for search in searches)
    if run.compare_with is None:
        news = "No earlier run to compare with."
    elif changed:
        listed = ", ".join(f"{n} {change}" for change, n in changed.items())
        news = f"Since {run.compare_with}: {listed}."
    else:
        news = f"Nothing new since {run.compare_with}."
    paragraph = (
        f"Run {run.name}, window until {run.until or 'open'}. Records found by strategy: {found}. "
        f"Strategy {flow['primary']}: {counts['S']} screened, {counts['X']} excluded, "
        f"{counts['W']} awaiting a person, {counts['K']} eligible on title and abstract. {news}"
    )
    return {
        "run": run.name,
        "protocol": run.protocol["id"],
        "started": run.started,
        "until": run.until or "open",
        "compared_with": run.compare_with,
        "exit_code": code,
        "paragraph": paragraph,
        "counts": counts,
        "found_by_strategy": {search["name"]: search["count"] for search in searches},
        "changes": changed,
    }
