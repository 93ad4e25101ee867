"""What is wrong with the answers of a tape."""

from __future__ import annotations

from resift.pubmed.tape import Tape
from resift.runs.verify import fault_of


def faults_of(tape: Tape) -> list[str]:
    """One line for each answer that is missing, was changed, or could not be used."""
    return [f"{row.request}.gz: {what}" for row in tape.rows() if (what := fault_of(tape, row))]
