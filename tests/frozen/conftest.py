"""A frozen PubMed over made-up records, one over real ones, and how tests ask them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import client_corpus as corpus
import pytest

from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed, open_frozen
from resift.pubmed.source import Endpoint

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


BODIES = SHARED / "eutils"


needs_bodies = pytest.mark.skipif(
    not BODIES.is_dir(), reason="the recorded E-utilities bodies are not beside the project (../shared)"
)


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    folder = tmp_path_factory.mktemp("real")
    for name in ("nlm-medsample1_medline17", "qi29_pubmed_result_121"):
        (folder / f"{name}.xml.gz").symlink_to(shared / "pubmed" / f"{name}.xml.gz")
    (folder / "pubmedpy.xml").symlink_to(shared / "eutils/pubmedpy/efetch.xml")
    (folder / "book.xml").symlink_to(shared / "eutils/metapub/sample_article_20301577.xml")
    return open_frozen(folder, cache=tmp_path_factory.mktemp("real-cache"))


def ask(frozen: FrozenPubMed, endpoint: str, **params: object) -> Reply:
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(item)) for item in values]
    return frozen.answer(Endpoint(endpoint), pairs)


def found(frozen: FrozenPubMed, **params: object) -> Mapping[str, object]:
    body = ask(frozen, "esearch", db="pubmed", retmode="json", **params).body
    result: Mapping[str, object] = json.loads(body)["esearchresult"]
    return result


def shape(body: bytes) -> str:
    """A body with its texts and numbers taken out: prolog, DOCTYPE and the order of elements remain."""
    text = re.sub(r">[^<>]*(?=<)", ">", body.decode())
    return re.sub(r"(<Id></Id>)+", "<Id></Id>", re.sub(r"\s+", "", text))
