"""The limits of a run's search in words, said alike wherever limits are stated (PRISMA-S item 9)."""

from __future__ import annotations

from resift.project.run import Run


def limits_in_words(run: Run) -> tuple[str, ...]:
    """Languages, window and the day by which records had entered PubMed; empty without limits."""
    window = run.protocol.get("window") or {}
    languages = run.protocol.get("languages") or []
    said = []
    if languages:
        said.append(f"language: {', '.join(languages)}")
    if window.get("from") or run.until:
        said.append(
            f"{window.get('from') or 'no first day'} to {run.until or 'open'} [{window.get('field') or 'dp'}]"
        )
    if run.as_of:
        said.append(f"only records that had entered PubMed by {run.as_of} [crdt]")
    return tuple(said)
