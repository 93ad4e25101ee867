"""NCBI's citation matcher over an archive: which records a reference string as it stands may mean.

The live one answers at https://pubmed.ncbi.nlm.nih.gov/api/citmatch/ (GET, `method=heuristic` and
`raw-text`), in JSON. It is no E-utility. What it offers is a candidate and no more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from resift.formats.citations import MATCH_COLUMNS, CitationIndex, fitting, parse_citation
from resift.frozen.bodies import JSON, Reply

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST_TEXT = 8_000  # characters; a reference string is shorter, a whole list is not one


class CitationMatcher:
    """The records of an archive, ready to be found by strings."""

    COLUMNS = MATCH_COLUMNS

    def __init__(self, table: pa.Table) -> None:
        batches = table.to_batches(max_chunksize=1000)  # not all rows as dicts at once
        self._index = CitationIndex(row for batch in batches for row in batch.to_pylist())

    def answer(self, text: str) -> Reply:
        """The candidates for one string, best first."""
        names = fitting(parse_citation(text[:LONGEST_TEXT]), self._index) if text.strip() else []
        uids = [{"pubmed": name.removeprefix("pubmed:")} for name in names]
        said = {
            "version": "1.0",
            "operation": "citmatch",
            "success": True,
            "result": {"count": len(uids), "type": "uids", "uids": uids},
        }
        return Reply(json.dumps(said, separators=(",", ":")).encode(), JSON)
