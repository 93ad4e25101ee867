"""Failures of the live E-utilities, injected on purpose."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

import client_corpus as corpus
import pytest
from tests.frozen.test_serve import get

from resift.frozen.faults import FaultKind, FaultSwitch
from resift.frozen.serve import RequestLog, create_app, running

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind is not FaultKind.SLOW])
def test_every_failure_looks_as_it_is_named(
    kind: FaultKind, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One request with the failure, the same again without."""
    frozen = corpus.frozen(tmp_path_factory.getbasetemp())
    log = RequestLog()
    with running(create_app(frozen, faults=FaultSwitch(script=[kind]), log=log)) as url:
        asked = f"{url}efetch.fcgi?db=pubmed&id={','.join(corpus.pmids()[:50])}&retmode=xml"
        try:
            spoilt: tuple[int, bytes] | None = get(asked)
        except OSError:  # http.client.IncompleteRead comes from a connection that closed
            spoilt = None
        except Exception as error:
            assert type(error).__name__ == "IncompleteRead"
            spoilt = None
        whole = get(asked)
    assert whole[0] == 200
    assert whole[1].count(b"<PubmedArticle>") == 50
    assert (spoilt is None) == (kind is FaultKind.BROKEN)
    assert spoilt != whole
    if spoilt is not None and kind.isdecimal():
        assert spoilt[0] == int(kind)
    if spoilt is not None and kind is FaultKind.MISSING:
        assert 0 < spoilt[1].count(b"<PubmedArticle>") < 50
    assert [entry["fault"] for entry in log.entries] == [kind, ""]
