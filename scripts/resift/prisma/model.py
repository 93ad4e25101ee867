"""The vocabulary of the PRISMA 2020 flow: boxes and their wording, rows, views, identities.

Units, wording and order follow the PRISMA 2020 templates (Page et al., BMJ 2021;372:n71). The keys:
D, G identified from databases and registers; R_dup, R_auto, R_oth removed before screening; S screened;
X excluded (X_human, X_auto); W awaiting a person; K eligible on title and abstract; Q sought for
retrieval; N not retrieved; A assessed; U full text not yet assessed; E excluded on full text; C awaiting
classification; I_r, I_s included reports and studies. Other methods carry the same keys with an
apostrophe, O for what they identified, and already_known' for what the databases had found already. An
updated review adds P_s, P_r (included in the previous version) and T_s, T_r (total).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resift.records import natural_key
from resift.screening.decisions import State

LOWER_BOXES = ("Q", "N", "A", "U", "E", "C", "I_r", "I_s")

WORDING = {
    "D": "Records identified from databases",
    "G": "Records identified from registers",
    "R_dup": "Duplicate records removed",
    "R_auto": "Records marked as ineligible by automation tools",
    "R_oth": "Records removed for other reasons",
    "S": "Records screened",
    "X": "Records excluded",
    "X_human": "Records excluded by a human",
    "X_auto": "Records excluded by automation tools",
    "W": "Records awaiting a person",
    "K": "Records eligible on title and abstract",
    "Q": "Reports sought for retrieval",
    "N": "Reports not retrieved",
    "A": "Reports assessed for eligibility",
    "U": "Reports not yet assessed",
    "E": "Reports excluded",
    "C": "Reports awaiting classification",
    "I_r": "Reports of included studies",
    "I_s": "Studies included in review",
    "O": "Records identified from other methods",
    "already_known": "Records already known from the databases",
}
REPORT_UNITS = ("Q", "N", "A", "U", "E", "C", "I_r")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One record as the flow needs it. `state` and what follows are the verdict on its report.

    `origin` is the database or register, or citation searching | hand-searched citations; `found_by` are
    strategies in the lane of databases and seeds (record ids) in the other. What was `imported` from
    another database belongs to every strategy's view.
    """

    record: str
    lane: str
    origin: str
    register: bool = False
    imported: bool = False
    group: str
    kept: bool
    found_by: tuple[str, ...]
    study: str
    state: State
    box: str
    decided_by: str
    criterion: str = ""
    reason: str = ""
    criterion_label: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and the terminal box it ends in under one view."""

    row: FlowRow
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One checked identity between boxes; `at_fault` are records that break it."""

    id: str
    statement: str
    holds: bool
    detail: str
    at_fault: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Boxes of one view: key -> record ids (study ids for I_s), and the identities checked on them."""

    boxes: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()


def sha256_of(ids: Iterable[str]) -> str:
    """SHA-256 of the sorted ids, one a line."""
    return hashlib.sha256("\n".join(sorted(ids, key=natural_key)).encode()).hexdigest()
