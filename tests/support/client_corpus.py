"""A made-up archive for the tests of clients and server: 12,000 small records, none of them real.

Every record has "neuroendocrine" in its title, so that one search passes the window of 9,999; every second
has "pancreas". PMIDs are spread unevenly. Each record cites the two before it.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from filelock import FileLock

from resift.frozen.pubmed import FrozenPubMed, open_frozen

SIZE = 12_000
BOTH = "neuroendocrine[tiab] AND pancreas[tiab]"
ALL = "neuroendocrine[tiab]"


def pmids() -> list[str]:
    """The PMIDs of the corpus, ascending; gaps between them grow and shrink."""
    dice = random.Random(5)
    found, pmid = [], 7_000_000
    for n in range(SIZE):
        pmid += dice.randint(1, 30 if n % 3000 < 2500 else 4000)
        found.append(str(pmid))
    return found


def corpus(basetemp: Path) -> tuple[Path, Path]:
    """Folder of the archive and its cache, written once for all workers of a test run."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        basetemp = basetemp.parent
    folder, cache = basetemp / "client-corpus", basetemp / "client-cache"
    with FileLock(basetemp / "client-corpus.lock"):
        if not folder.exists():
            part = basetemp / "client-corpus.part"
            part.mkdir()
            held = pmids()
            for first in range(0, SIZE, 6_000):
                rows = [_article(held, n) for n in range(first, first + 6_000)]
                text = "<PubmedArticleSet>\n" + "\n".join(rows) + "\n</PubmedArticleSet>\n"
                (part / f"made{first:05d}.xml").write_text(text, encoding="utf-8")
            part.rename(folder)
            open_frozen(folder, cache=cache).load()
    return folder, cache


def frozen(basetemp: Path) -> FrozenPubMed:
    """A frozen PubMed over the corpus."""
    folder, cache = corpus(basetemp)
    return open_frozen(folder, cache=cache)


def _article(held: list[str], n: int) -> str:
    year, month, day = 1995 + n * 18 // SIZE, 1 + n % 12, 1 + n % 28
    organ = "pancreas" if n % 2 else "lung"
    date = f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>"
    cited = "".join(
        f'<Reference><Citation>Made up {m}</Citation><ArticleIdList><ArticleId IdType="pubmed">{held[m]}'
        "</ArticleId></ArticleIdList></Reference>"
        for m in (n - 2, n - 1)
        if m >= 0
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{held[n]}</PMID>'
        f"<DateRevised>{date}</DateRevised>"
        '<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0019</ISSN><JournalIssue '
        f'CitedMedium="Print"><Volume>{1 + n // 100}</Volume><Issue>1</Issue><PubDate>{date}</PubDate>'
        "</JournalIssue><Title>Journal of made-up records</Title><ISOAbbreviation>J Made Rec"
        f"</ISOAbbreviation></Journal><ArticleTitle>Neuroendocrine tumour of the {organ}, case {n}."
        f"</ArticleTitle><Pagination><MedlinePgn>{n}-{n + 3}</MedlinePgn></Pagination>"
        f"<Abstract><AbstractText>Nothing in this abstract is true; {organ} {n}.</AbstractText></Abstract>"
        f'<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Writer{n % 97}</LastName><Initials>A'
        "</Initials></Author></AuthorList><Language>eng</Language><PublicationTypeList>"
        '<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>'
        "<MedlineJournalInfo><MedlineTA>J Made Rec</MedlineTA></MedlineJournalInfo></MedlineCitation>"
        f'<PubmedData><History><PubMedPubDate PubStatus="entrez">{date}</PubMedPubDate>'
        f'<PubMedPubDate PubStatus="pubmed">{date}</PubMedPubDate></History>'
        f"<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{held[n]}</ArticleId></ArticleIdList>'
        f"<ReferenceList>{cited}</ReferenceList></PubmedData></PubmedArticle>"
    )
