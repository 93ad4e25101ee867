"""Small pieces of PubMed XML, written for these tests."""

from __future__ import annotations

from pathlib import Path

PROLOG = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    '1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


def article(pmid: int | str = 1, article: str = "", citation: str = "", data: str = "") -> str:
    """A PubmedArticle; the arguments go into Article, MedlineCitation and PubmedData."""
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f'<Article PubModel="Print">{article}</Article>{citation}</MedlineCitation>'
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def deletion(*pmids: int) -> str:
    inner = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in pmids)
    return f"<DeleteCitation>{inner}</DeleteCitation>"


def article_set(*elements: str, prolog: str = PROLOG) -> bytes:
    return f"{prolog}<PubmedArticleSet>\n{chr(10).join(elements)}\n</PubmedArticleSet>\n".encode()


def titled(pmid: int, title: str, **parts: str) -> str:
    return article(pmid, f"<ArticleTitle>{title}</ArticleTitle>", **parts)


def updates(path: Path) -> Path:
    """A folder of three files: two records, one of them revised beside a new one, the other deleted."""
    path.mkdir()
    (path / "n0001.xml").write_bytes(article_set(titled(1, "a"), titled(2, "b")))
    (path / "n0002.xml").write_bytes(article_set(titled(2, "c"), titled(3, "d")))
    (path / "n0003.xml").write_bytes(article_set(deletion(1)))
    return path
