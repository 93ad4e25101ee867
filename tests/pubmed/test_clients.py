"""Clients written by others get the same records from the frozen PubMed as our own client."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import client_corpus as corpus
import pytest

from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import RequestLog, create_app, running
from resift.identify.source import open_source
from resift.pubmed.entrez import Entrez

EDIRECT = shutil.which("esearch")
SCRIPTS = Path("/usr/lib/ncbi-entrez-direct/ecommon.sh")
needs_edirect = pytest.mark.skipif(
    EDIRECT is None or not SCRIPTS.exists(), reason="EDirect is not installed (Debian: ncbi-entrez-direct)"
)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def log() -> RequestLog:
    return RequestLog()


@pytest.fixture(scope="module")
def server(frozen: FrozenPubMed, log: RequestLog) -> Iterator[str]:
    with running(create_app(frozen, log=log)) as url:
        yield url


@pytest.fixture(scope="module")
def ours(frozen: FrozenPubMed) -> tuple[str, ...]:
    return Entrez(frozen).search(corpus.BOTH).ids


def test_our_client_gets_the_same_over_http_as_in_process(
    server: str, ours: tuple[str, ...], tmp_path: Path
) -> None:
    source = open_source(
        "pubmed", raw=tmp_path, eutils=server, requests_per_second=1000, email="test@example.org"
    )
    assert source.search(corpus.BOTH).ids == ours


def test_the_tape_of_a_server_is_the_tape_of_its_archive(
    server: str, frozen: FrozenPubMed, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, cache = corpus.corpus(tmp_path_factory.getbasetemp())
    query = f"{corpus.BOTH} AND 2002[dp]"
    bodies = []
    for kind in ("pubmed", "archive"):
        raw = tmp_path / kind
        source = open_source(
            kind,
            raw=raw,
            archive=folder,
            cache=cache,
            eutils=server,
            requests_per_second=1000,
            email="test@example.org",
        )
        ids = source.search(query).ids
        assert sum(len(answer.elements) for answer in source.fetch(ids)) == len(ids) > 100
        source.cited(ids)
        bodies.append({path.name: path.read_bytes() for path in raw.glob("*.gz")})
    assert bodies[0] == bodies[1]
    assert len(bodies[0]) == 5  # einfo, esearch, efetch, twice elink


# -- Biopython -----------------------------------------------------------------------------------------


@pytest.fixture
def biopython(server: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """Bio.Entrez as its users call it, pointed at the server by rewriting the address it builds."""
    from Bio import Entrez as BioEntrez

    build = BioEntrez._build_request
    monkeypatch.setattr(
        BioEntrez,
        "_build_request",
        lambda cgi, *args, **kwargs: build(server + cgi.rsplit("/", 1)[1], *args, **kwargs),
    )
    monkeypatch.setattr(BioEntrez, "email", "test@example.org")
    monkeypatch.setattr(BioEntrez._open, "previous", 0)
    monkeypatch.setattr(BioEntrez, "api_key", "made-up")  # ten requests a second instead of three
    return BioEntrez


def test_biopython_pages_through_the_history_and_fetches(biopython, ours: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    found = biopython.read(
        biopython.esearch(db="pubmed", term=corpus.BOTH + " AND 2002[dp]", usehistory="y", retmax=0)
    )
    count = int(found["Count"])
    got: list[str] = []
    for start in range(0, count, 200):
        with biopython.efetch(
            db="pubmed",
            WebEnv=found["WebEnv"],
            query_key=found["QueryKey"],
            retstart=start,
            retmax=200,
            retmode="xml",
        ) as handle:
            for article in biopython.read(handle)["PubmedArticle"]:
                got.append(str(article["MedlineCitation"]["PMID"]))
    assert len(got) == len(set(got)) == count > 200
    assert set(got) <= set(ours)


def test_biopython_reads_every_service(biopython, ours: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    ids = list(ours[:3])
    posted = biopython.read(biopython.epost(db="pubmed", id=ids))
    summaries = biopython.read(
        biopython.esummary(db="pubmed", WebEnv=posted["WebEnv"], query_key=posted["QueryKey"])
    )
    assert [summary["Id"] for summary in summaries] == ids
    linked = biopython.read(
        biopython.elink(dbfrom="pubmed", db="pubmed", id=ids, linkname="pubmed_pubmed_refs")
    )
    assert [link_set["IdList"] for link_set in linked] == [[pmid] for pmid in ids]
    info = biopython.read(biopython.einfo(db="pubmed"))["DbInfo"][0]
    assert int(info["Count"]) == corpus.SIZE
    assert {"ALL", "UID", "TITL", "TIAB", "MESH", "PDAT", "EDAT"} <= {f["Name"] for f in info["FieldList"]}
    text = biopython.efetch(db="pubmed", id=ids, rettype="medline", retmode="text").read()
    assert re.findall(r"^PMID- (\d+)", text, re.MULTILINE) == ids
    citation = {"journal_title": "j made rec", "year": "1996", "volume": "1", "first_page": "1", "key": "k"}
    assert biopython.ecitmatch(db="pubmed", bdata=[citation]).read().strip().endswith(f"|k|{ours[0]}")


def test_biopython_reads_medline_text(biopython, ours: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    from Bio import Medline

    with biopython.efetch(db="pubmed", id=list(ours[:20]), rettype="medline", retmode="text") as handle:
        records = list(Medline.parse(handle))
    assert [record["PMID"] for record in records] == list(ours[:20])
    assert all(record["TI"].startswith("Neuroendocrine tumour") for record in records)


# -- EDirect -------------------------------------------------------------------------------------------


def edirect(command: str, base: str, **env: str) -> str:
    """Run a shell pipeline of EDirect's programs; `BASE` stands for `-base URL`."""
    done = subprocess.run(
        ["bash", "-c", command.replace("BASE", f"-base {base}")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=os.environ | {"EMAIL": "test@example.org"} | env,
    )
    return done.stdout


@pytest.mark.slow
@needs_edirect
def test_edirect_searches_and_fetches_the_same(server: str, ours: tuple[str, ...]) -> None:
    out = edirect(f"esearch BASE -db pubmed -query '{corpus.BOTH}' | efetch BASE -format uid", server)
    assert tuple(out.split()) == ours


@pytest.mark.slow
@needs_edirect
def test_edirect_reads_xml_and_summaries(server: str, ours: tuple[str, ...]) -> None:
    ids = ",".join(ours[:5])
    out = edirect(
        f"efetch BASE -db pubmed -id {ids} -format xml"
        " | xtract -pattern PubmedArticle -element MedlineCitation/PMID",
        server,
    )
    assert tuple(out.split()) == ours[:5]
    out = edirect(
        f"esummary BASE -db pubmed -id {ids} | xtract -pattern DocumentSummary -element Id Title", server
    )
    assert [line.split("\t")[0] for line in out.splitlines()] == list(ours[:5])
    assert all("Neuroendocrine tumour of the pancreas" in line for line in out.splitlines())


@pytest.mark.slow
@needs_edirect
def test_edirect_posts_filters_and_links(server: str, ours: tuple[str, ...], frozen: FrozenPubMed) -> None:
    ids = ",".join(ours[:40])
    out = edirect(
        f"epost BASE -db pubmed -id {ids} | efilter BASE -query '1995/04[dp]' | efetch BASE -format uid",
        server,
    )
    wanted = Entrez(frozen).search(f"({' OR '.join(f'{p}[uid]' for p in ours[:40])}) AND 1995/04[dp]").ids
    assert tuple(out.split()) == wanted
    assert wanted
    out = edirect(
        f"elink BASE -db pubmed -id {','.join(ours[5:7])} -related -name pubmed_pubmed_refs -cmd neighbor"
        " | xtract -pattern LinkSet -block LinkSetDb/Link -element Id",
        server,
    )
    cited = Entrez(frozen).cited(ours[5:7])
    assert set(out.split()) == {pmid for refs in cited.values() for pmid in refs}


@pytest.mark.slow
@needs_edirect
def test_edirect_bisects_past_the_window(server: str, log: RequestLog, tmp_path: Path) -> None:
    """Above 9,999 its nested calls lose -base and go to NCBI, so a private copy has another default base."""
    library = tmp_path / "lib"
    shutil.copytree(SCRIPTS.parent, library, symlinks=False)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("esearch", "efetch", "epost", "nquire", "xtract", "einfo", "elink", "esummary", "efilter"):
        path = shutil.which(name)
        if path is None:
            continue
        text = Path(path).read_bytes()
        if text[:2] == b"#!":
            text = text.replace(str(SCRIPTS.parent).encode(), str(library).encode())
        (programs / name).write_bytes(text)
        (programs / name).chmod(0o755)
    for script in [*library.rglob("*.sh"), *programs.iterdir()]:
        text = script.read_bytes()
        if text[:2] == b"#!" or script.suffix == ".sh":
            script.write_bytes(
                text.replace(b"https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", server.encode())
            )
    before = len(log.entries)
    out = edirect(
        f"esearch -db pubmed -query '{corpus.ALL}' | efetch -format uid",
        server,
        PATH=f"{programs}:{os.environ['PATH']}",
    )
    assert tuple(out.split()) == tuple(corpus.pmids())
    terms = [dict(entry["parameters"]).get("term", "") for entry in log.entries[before:]]
    assert sum(" [UID]" in term for term in terms) >= 2  # it did go by UID ranges, here
