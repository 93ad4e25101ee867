"""Sets kept under a WebEnv, and terms that name them."""

from __future__ import annotations

import client_corpus as corpus
import pytest

from resift.frozen import history as held_sets
from resift.frozen.history import History, LostHistoryError
from resift.frozen.pubmed import FrozenPubMed

from .conftest import ask, found


def test_history_stops_at_the_same_edge_silently_and_then_with_http_400(frozen: FrozenPubMed) -> None:
    stored = found(frozen, term=corpus.ALL, usehistory="y", retmax=0)
    where = {"db": "pubmed", "WebEnv": stored["webenv"], "query_key": stored["querykey"]}
    clamped = ask(frozen, "efetch", **where, retstart=9_500, retmax=500)
    assert clamped.body.count(b"<PubmedArticle>") == 499
    past = ask(frozen, "efetch", **where, retstart=9_999, retmax=10)
    assert past.status == 400
    assert b"cannot be larger than 9998" in past.body


def test_the_history_can_be_combined(frozen: FrozenPubMed) -> None:
    first = found(frozen, term=corpus.BOTH, usehistory="y", retmax=0)
    web_env = first["webenv"]
    second = found(frozen, term="2002[dp]", WebEnv=web_env, retmax=0)
    assert second["querykey"] == "2"
    both = found(frozen, term="(#1) AND #2", WebEnv=web_env, usehistory="y", retmax=9999)
    direct = found(frozen, term=f"({corpus.BOTH}) AND 2002[dp]", retmax=9999)
    assert both["idlist"] == direct["idlist"] != []
    neither = found(frozen, term="#1 NOT (#2 OR 2003[dp])", WebEnv=web_env, retmax=9999)
    assert (
        neither["idlist"]
        == found(frozen, term=f"({corpus.BOTH}) NOT (2002[dp] OR 2003[dp])", retmax=9999)["idlist"]
    )
    by_key = found(frozen, term="2002[dp]", WebEnv=web_env, query_key=1, retmax=9999)
    assert by_key["idlist"] == direct["idlist"]


def test_the_longest_unused_history_goes_when_too_much_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_sets, "MOST_HELD", 5)
    history = History()
    (_, first), (_, second) = history.keep(["1", "2"]), history.keep(["3", "4"])
    history.stored(first, "1")  # used: the second is now the older
    _, third = history.keep(["5", "6"])
    assert history.stored(first, "1").tolist() == [1, 2]
    assert history.stored(third, "1").tolist() == [5, 6]
    with pytest.raises(LostHistoryError):
        history.stored(second, "1")
