"""How the engine's answers compare with PubMed's own on the records held, and why they differ.

`python -m query.agreement` from tests/ prints the table.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from resift.query import fields as f
from resift.query.evaluate import Evaluation, evaluate
from resift.query.evidence import Answer, Explainer
from resift.query.mesh import MeshTree
from resift.query.nodes import Leaf, leaves
from resift.query.stated import read_stated
from resift.query.table import QueryTable
from resift.records import Record

OTHER_QUERY = "filed with the query of another review"
INDEXED_SINCE = "MeSH changed since"
FIELD_ABSENT = "field absent in this copy"
DATE = "date"
OUR_ERROR = "our error"


class Form(StrEnum):
    """A strategy as its searchers printed it, faults and all, or as the collection's makers repaired it."""

    PRINTED = "query"
    EDITED = "query_edited"


@dataclass
class Comparison:
    """One strategy: PMIDs on which both say yes, that PubMed alone returned, that we alone find."""

    strategy: dict[str, Any]
    both: list[str] = field(default_factory=list)
    only_pubmed: dict[str, str] = field(default_factory=dict)
    not_evaluable: dict[str, str] = field(default_factory=dict)
    only_we: dict[str, str] = field(default_factory=dict)


def held(tables: Iterable[QueryTable]) -> QueryTable:
    """One table of all records, whole copies before cut ones, each PMID once."""
    whole = QueryTable.from_normalised([table.table for table in tables])
    order = np.argsort(~whole.complete, kind="stable")
    _, first = np.unique(whole.numbers("pmid")[order], return_index=True)
    return whole.take(np.sort(order[first]))


def compare(
    strategy: dict[str, Any],
    table: QueryTable,
    mesh: MeshTree,
    copies: dict[str, Record],
    form: Form = Form.EDITED,
) -> Comparison:
    """Every disagreement with one cause. `copies` are the records (by PMID) that disagreements need."""
    read = evaluate(read_stated(strategy[form]), table, mesh=mesh)
    returned = np.isin(table.numbers("pmid"), [int(pmid) for pmid in strategy["retrieved"]])
    day, month, year = strategy["until"].split("/")
    until = int(year + month + day)
    outcome = Comparison(strategy)
    for at in np.flatnonzero(returned | read.yes):
        pmid = str(table.numbers("pmid")[at])
        if returned[at] and read.yes[at]:
            outcome.both.append(pmid)
        elif returned[at] and read.unknown[at]:
            outcome.not_evaluable[pmid] = FIELD_ABSENT if not table.complete[at] else OUR_ERROR
        elif returned[at]:
            other = read_stated(strategy[Form.EDITED if form is Form.PRINTED else Form.PRINTED])
            by_other = evaluate(other, table.take([int(at)]), mesh=mesh)
            outcome.only_pubmed[pmid] = (
                OTHER_QUERY
                if by_other.yes[0] or by_other.unknown[0]
                else _cause_of_a_miss(int(at), read, copies.get(pmid))
            )
        else:
            # the day a record entered PubMed: one that came later cannot have been returned
            entered = max(int(table.numbers(name)[at]) for name in ("entered", "entrez_date"))
            outcome.only_we[pmid] = DATE if entered > until else OUR_ERROR
    return outcome


def _cause_of_a_miss(at: int, edited: Evaluation, record: Record | None) -> str:
    if record is None:
        return OUR_ERROR
    reason = Explainer(edited).explain(at, record)
    assert reason.answer is Answer.NO
    with_headings = all(
        any(isinstance(leaf, Leaf) and leaf.field is f.MESH_TERMS for leaf in leaves(edited.nodes[c.id].node))
        for c in reason.deciding
    )
    return INDEXED_SINCE if with_headings and not record.mesh and reason.lacking else OUR_ERROR


def lines(comparisons: list[Comparison]) -> list[str]:
    """The table as text."""
    out = [
        f"{'strategy':>8} {'both yes':>9} {'only PubMed':>12} {'not evaluable':>14} {'only we':>8}  causes"
    ]
    total: Counter[str] = Counter()
    for c in comparisons:
        causes = Counter([*c.only_pubmed.values(), *c.not_evaluable.values(), *c.only_we.values()])
        total.update(causes)
        told = ", ".join(f"{cause} {n}" for cause, n in sorted(causes.items()))
        out.append(
            f"{c.strategy['id']:>8} {len(c.both):>9} {len(c.only_pubmed):>12} {len(c.not_evaluable):>14} "
            f"{len(c.only_we):>8}  {told}"
        )
    sums = [
        sum(len(getattr(c, name)) for c in comparisons)
        for name in ("both", "only_pubmed", "not_evaluable", "only_we")
    ]
    told = ", ".join(f"{cause} {n}" for cause, n in sorted(total.items()))
    out.append(f"{'all':>8} {sums[0]:>9} {sums[1]:>12} {sums[2]:>14} {sums[3]:>8}  {told}")
    return out


def main() -> None:
    """Print the table for the data beside the project."""
    from resift.archive.source import Archive

    root = Path(__file__).resolve().parents[2]
    shared = root.parent / "shared" / "data"
    cache = root / ".cache" / "archive"
    archives = [
        Archive.open(shared / name, cache=cache) for name in ("pubmed", "screening/cohen2006_as_pubmed")
    ]
    table = held(archive.query_table() for archive in archives)
    mesh = MeshTree.load(shared / "mesh" / "mtrees2019.bin.gz")
    with gzip.open(shared / "strategies" / "strategies.jsonl.gz", "rt", encoding="utf-8") as text:
        strategies = [json.loads(line) for line in text]
    wanted = {pmid for s in strategies for pmid in s["retrieved"]}
    copies = {r.pmid: r for archive in reversed(archives) for r in archive.records(wanted)}
    print(f"{len(table):,} records")
    for form in Form:
        print(f"\n{form.name.lower()}")
        print("\n".join(lines([compare(s, table, mesh, copies, form) for s in strategies])))


if __name__ == "__main__":
    main()
