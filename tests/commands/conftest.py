"""A small archive, a small finished run, and a command called as people call it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import called
from tests.screening.conftest import made, opened, project

__all__ = ["made", "opened", "project"]


ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal>
<JournalIssue CitedMedium="Print"><PubDate><Year>2010</Year></PubDate></JournalIssue>
<Title>Some Journal</Title></Journal><ArticleTitle>{title}</ArticleTitle><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
</Article></MedlineCitation></PubmedArticle>"""


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    titles = {1: "Liver metastases", 2: "Liver tumours", 3: "Pancreas"}
    articles = "".join(ARTICLE.format(pmid=n, title=title) for n, title in titles.items())
    (folder / "a.xml").write_text(f"<PubmedArticleSet>{articles}</PubmedArticleSet>", encoding="utf-8")
    return folder


@pytest.fixture
def resift(tmp_path: Path) -> Run:
    def run(*arguments: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return called(cwd, *arguments)

    return run
