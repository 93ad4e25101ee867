"""Reading one line of a query, within bounds."""

from __future__ import annotations

import pytest

from resift.errors import Code, QueryError
from resift.query.reader import MOST_TERMS
from resift.query.stated import read_stated
from resift.query.syntax import parse


@pytest.mark.slow
def test_more_terms_or_faults_than_any_search_has_are_refused() -> None:
    for text in ("ab[ti] " * (MOST_TERMS + 1), "\n".join(f"#{n} ab cd[ti] e[ti]" for n in range(1, 6000))):
        with pytest.raises(QueryError, match="more than 10,000 terms") as caught:
            parse(text)
        assert caught.value.code is Code.QUERY_LENGTH
    with pytest.raises(QueryError, match="more than 1,000 faults") as caught:
        read_stated("(a1[ti] AND " * 2000)
    assert caught.value.code is Code.QUERY_LENGTH
    read_stated("a1[zz] OR " * 2000 + "a1[ti]")  # what PubMed makes of these is known
