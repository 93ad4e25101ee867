"""resift: rerun a published review's literature search, exactly, and audit every decision.

The names below are what a notebook needs; each is imported when it is first asked for.

A query, checked and read:

>>> import resift
>>> "SYN001" in [finding.code for finding in resift.lint('"asthma[tiab]')]
True
>>> query = resift.parse("gastrinoma*[tiab] AND 1995:2012[dp]")

A folder of PubMed XML, and what the query finds there:

>>> archive = resift.open_archive("config/demo/corpus", cache=cache)
>>> table = archive.query_table()
>>> found = resift.evaluate(query, table)
>>> pmids = [table.records[at] for at in found.yes.nonzero()[0]]
>>> "pubmed:90000011" in pmids
True

Why one of its records is found, or missed:

>>> (record,) = archive.records(["90000011"])
>>> resift.explain(query, table, table.records.index(record.record), record).answer
<Answer.YES: 'yes'>

The protocol of a review:

>>> from pathlib import Path
>>> protocol = resift.load_protocol(Path("config/reviews/rossi-2014/protocol.yaml"))
>>> protocol.primary.name in [strategy.name for strategy in protocol.strategies]
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resift.archive.source import open_archive
    from resift.changes.between import compare
    from resift.dedupe import deduplicate
    from resift.formats import read_file
    from resift.project.protocol import load_protocol
    from resift.project.run import load_run
    from resift.query.evaluate import evaluate
    from resift.query.evidence import explain
    from resift.query.lint import lint
    from resift.query.syntax import parse

__version__ = "0.1.0"

__all__ = [
    "compare",
    "deduplicate",
    "evaluate",
    "explain",
    "lint",
    "load_protocol",
    "load_run",
    "open_archive",
    "parse",
    "read_file",
]

_ROOMS = {
    "compare": "resift.changes.between",
    "deduplicate": "resift.dedupe",
    "evaluate": "resift.query.evaluate",
    "explain": "resift.query.evidence",
    "lint": "resift.query.lint",
    "load_protocol": "resift.project.protocol",
    "load_run": "resift.project.run",
    "open_archive": "resift.archive.source",
    "parse": "resift.query.syntax",
    "read_file": "resift.formats",
}


def __getattr__(name: str) -> Any:
    """Import one of the public names on its first use, so that `import resift` stays light."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'resift' has no attribute {name!r}")
    value = getattr(import_module(_ROOMS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
