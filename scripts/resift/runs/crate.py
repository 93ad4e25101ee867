"""RO-Crate 1.1 metadata for the package of a run (https://w3id.org/ro/crate/1.1), written with `rocrate`.

The crate is dated by the start of the run, so that the same run gives the same bytes; `manifest.json` lists
that date among the recorded times.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from resift.project.run import Run
from resift.runs.manifest import versions
from resift.runs.package import Packed

METADATA = "ro-crate-metadata.json"
# What stands in a package comes from PubMed: its producer's terms hold unless a licence is named.
TERMS = "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html"
_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
}
_TYPES |= {".ris": "application/x-research-info-systems", ".nbib": "text/plain", ".bib": "text/x-bibtex"}
_TYPES |= {".parquet": "application/vnd.apache.parquet", ".gz": "application/gzip"}


def write_crate(
    folder: Path, run: Run, packed: Sequence[Packed], *, ended: str, licence: str = TERMS
) -> None:
    """Write the metadata of the package in `folder`. `ended`: the last recorded time of the run (UTC)."""
    from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

    crate = ROCrate(version="1.1")
    review = run.protocol.get("review") or {}
    question = " ".join(str(run.protocol.get("question") or "").split())
    crate.name = f"Search and screening of {run.protocol['id']}, run {run.name}"
    question = question or "A literature search made again, with the end of every record."
    crate.description = f"{question} {run.notice}".strip()
    crate.datePublished = run.started
    entities: list[Any] = [
        ContextEntity(crate, licence, {"@type": "CreativeWork", "name": f"Terms of use: {licence}"}),
        ContextEntity(
            crate,
            "#resift",
            {"@type": "SoftwareApplication", "name": "resift", "version": versions()["resift"]},
        ),
    ]
    crate.root_dataset["license"] = entities[0]
    if review.get("doi") or review.get("citation"):
        id_ = f"https://doi.org/{review['doi']}" if review.get("doi") else "#review"
        properties = {
            "@type": "ScholarlyArticle",
            "name": " ".join(str(review.get("citation") or id_).split()),
        }
        entities.append(ContextEntity(crate, id_, properties))
        crate.root_dataset["about"] = entities[-1]
    results = []
    for one in packed:
        path = folder / one.name
        properties = {
            "name": one.what or one.name,
            "encodingFormat": _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain",
            "contentSize": str(path.stat().st_size),
        }
        results.append(crate.add_file(path, one.name, properties=properties))
    action = ContextEntity(
        crate,
        "#run",
        {
            "@type": "CreateAction",
            "name": f"resift run {run.name}",
            "startTime": run.started,
            "endTime": ended,
        },
    )
    crate.add(*entities, action)
    action["instrument"] = entities[1]
    action["result"] = results
    crate.root_dataset["mentions"] = action
    crate.metadata.write(folder)
