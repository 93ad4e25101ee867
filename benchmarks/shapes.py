"""Hold the frozen PubMed's answers against recorded ones, key by key, and print what only one of them has.

    .venv/bin/python benchmarks/shapes.py [FOLDER]

Recorded bodies are those of the folder's README. The archive is made of the records recorded beside them, so
values differ; compared are the elements with their attributes (XML) and the keys (JSON) by their paths.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from resift.frozen.pubmed import open_frozen
from resift.pubmed.source import Endpoint
from resift.pubmed.verdict import parser as safe_parser

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "eutils"
RECORDS = ("pubmedpy/efetch.xml", "biopython/pubmed1.xml", "biopython/pubmed2.xml", "reciter/28356292.xml")
PMID = "28356292"
QUESTIONS: tuple[tuple[str, Endpoint, dict[str, str]], ...] = (
    ("biopython/einfo1.xml", Endpoint.EINFO, {}),
    ("biopython/einfo2.xml", Endpoint.EINFO, {"db": "pubmed"}),
    ("biopython/esearch1.xml", Endpoint.ESEARCH, {"db": "pubmed", "term": "cancer"}),
    ("biopython/esearch2.xml", Endpoint.ESEARCH,
     {"db": "pubmed", "term": "cancer", "usehistory": "y", "reldate": "36500", "datetype": "edat"}),
    ("biopython/esearch8.xml", Endpoint.ESEARCH, {"db": "pubmed", "term": "abcXYZ"}),
    ("biopython/epost1.xml", Endpoint.EPOST, {"db": "pubmed", "id": PMID}),
    ("biopython/epost2.xml", Endpoint.EPOST, {"db": "nothing", "id": PMID}),
    ("biopython/esummary1.xml", Endpoint.ESUMMARY, {"db": "pubmed", "id": PMID}),
    ("biopython/esummary8.xml", Endpoint.ESUMMARY, {"db": "pubmed"}),
    ("biopython/espell.xml", Endpoint.ESPELL, {"db": "pubmed", "term": "cancr"}),
    ("biopython/elink1.xml", Endpoint.ELINK,
     {"dbfrom": "pubmed", "db": "pubmed", "id": PMID, "cmd": "neighbor"}),
    ("biopython/elink5.xml", Endpoint.ELINK, {"dbfrom": "pubmed", "id": PMID, "cmd": "prlinks"}),
    ("biopython/elink7.xml", Endpoint.ELINK, {"dbfrom": "pubmed", "id": PMID, "cmd": "acheck"}),
    ("measured-bodies/esearch_legit-zero_1804[dp].json", Endpoint.ESEARCH,
     {"db": "pubmed", "term": "1804[dp]", "retmode": "json"}),
    ("measured-bodies/esearch_mesh-not-found_quotedphrase.json", Endpoint.ESEARCH,
     {"db": "pubmed", "term": '"qwxz vbnm kjhg"[mh] OR cancer', "retmode": "json"}),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recorded", type=Path, nargs="?", default=SHARED, help="default: %(default)s")
    recorded = parser.parse_args().recorded
    if not recorded.is_dir():
        print(f"{recorded} is not there: nothing to compare with")
        return
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        archive.mkdir()
        for name in RECORDS:
            shutil.copyfile(recorded / name, archive / name.replace("/", "-"))
        frozen = open_frozen(archive, cache=Path(folder) / "cache")
        for name, endpoint, params in QUESTIONS:
            theirs = shape((recorded / name).read_bytes())
            ours = shape(frozen.answer(endpoint, list(params.items())).body)
            print(f"{name}: {len(theirs & ours)} alike")
            for label, only in (("recorded only", theirs - ours), ("frozen only", ours - theirs)):
                for path in sorted(only):
                    print(f"    {label}: {path}")


def shape(body: bytes) -> set[str]:
    """Every element with its attributes, or every key, by its path."""
    if body.lstrip()[:1] == b"{":
        return set(_keys(json.loads(body), ""))
    root = etree.fromstring(body.strip(), safe_parser())
    found = set()
    for element in root.iter(etree.Element):
        path = "/".join([str(e.tag) for e in reversed(list(element.iterancestors()))] + [str(element.tag)])
        found |= {path, *(f"{path}/@{name}" for name in element.attrib)}
    return found


def _keys(value: Any, path: str) -> Iterator[str]:
    """Keys of JSON by their paths; the keys that are PMIDs are one."""
    if isinstance(value, dict):
        for key, held in value.items():
            below = f"{path}/{'PMID' if key.isdigit() else key}"
            yield below
            yield from _keys(held, below)
    elif isinstance(value, list):
        for held in value:
            yield from _keys(held, path)


if __name__ == "__main__":
    main()
