"""Records that an earlier run holds, copied from its tape."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

from pubmed_history import article
from tests.identify.test_update import paper

from resift.pubmed.elements import split_set
from resift.pubmed.held import taken_over
from resift.pubmed.source import Answer, Endpoint, Request
from resift.pubmed.tape import Tape

THEN, LAST, SINCE = dt.date(2020, 1, 9), dt.date(2020, 1, 31), dt.date(2020, 2, 20)


def test_an_answer_of_today_counts_and_not_the_earlier_one_to_the_same_request(tmp_path: Path) -> None:
    """A run that had begun to fetch everything, was killed, and is then told that nothing was modified."""
    request = Request(Endpoint.EFETCH, (("db", "pubmed"), ("id", "30000001"), ("retmode", "xml")))

    def answered(title: str) -> Answer:
        body = f"<PubmedArticleSet>{article(replace(paper(1), title=title))}</PubmedArticleSet>"
        return Answer(body.encode(), 200, "2020-02-01T00:00:00Z")

    earlier, today = tmp_path / "one" / "raw", tmp_path / "two" / "raw"
    Tape(earlier).keep(request, answered("as it was"))
    (element,) = split_set(Tape(earlier).send(request).body)
    wanted = {"30000001": hashlib.sha256(element.raw).hexdigest()}
    assert [a.from_run for a in taken_over(Tape(tmp_path / "raw"), earlier, wanted, since="2020")] == ["one"]
    Tape(today).keep(request, answered("as it is"))
    assert list(taken_over(Tape(today), earlier, wanted, since="2020")) == []
