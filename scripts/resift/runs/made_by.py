"""Which step made a file of a run, so that a difference can name the first step that differs."""

from __future__ import annotations

from resift.tables import RunFile

SOURCE = "the source"
"""What stands in place of a step for the answers on the tape."""

# Step and what it writes (workflow/rules/), in an order in which the steps can run.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("start", ("run.yaml",)),
    (SOURCE, ("raw/{request}.gz", "raw/requests.csv")),
    ("search", ("answers.json", "search/hits.csv")),
    (
        "fetch",
        (
            "records/databases.parquet",
            "records/databases.references.parquet",
            "search/not-returned.csv",
            "search/taken-over.csv",
            "search/{strategy}.json",
        ),
    ),
    ("deduplicate", ("duplicates/databases.csv",)),
    ("screen", ("screening/databases.csv", "screening/databases.evidence.csv")),
    (
        "follow_references",
        ("references.csv", "records/other.parquet", "records/other.references.parquet"),
    ),
    ("deduplicate", ("duplicates/other.csv",)),
    ("screen", ("screening/other.csv", "screening/other.evidence.csv")),
    (
        "decide",
        (
            "decisions.csv",
            "decisions-on-nothing.csv",
            "decisions-to-reread.csv",
            "flow.json",
            "flow.svg",
            "flow-strict.svg",
            "flow-update.svg",
            "flow-living.svg",
        ),
    ),
    (
        "appraise",
        (
            "known-items.csv",
            "boundary-records.csv",
            "verdict.json",
            "prisma-s.csv",
            "appraisal/agreement.csv",
            "appraisal/audit.csv",
            "appraisal/criteria.csv",
            "appraisal/near-misses.csv",
            "appraisal/full-text-exclusions.csv",
            "appraisal/reading-order.csv",
            "appraisal/challenges.csv",
        ),
    ),
    ("compare", ("applied.json", "changes.csv", "anomalies.csv", "retractions.csv", "as-of.csv")),
    (
        "report",
        (
            "exports/{part}.{format}",
            "prisma-lsr.csv",
            "report.html",
            "summary.json",
            "history.csv",
            "manifest.json",
        ),
    ),
)
_MADE = tuple((RunFile(pattern), step) for step, patterns in STEPS for pattern in patterns)


def step_of(name: str) -> str:
    """The step that made a file of a run, "" where none is known to."""
    return next((step for file, step in _MADE if file.matches(name)), "")


def place(name: str) -> tuple[int, str]:
    """Sort key of files: the order of the steps that make them, then by name."""
    return next((n for n, (file, _) in enumerate(_MADE) if file.matches(name)), len(_MADE)), name
