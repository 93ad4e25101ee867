"""The limits of a search in words."""

from __future__ import annotations

from typing import Any

import pytest

from resift.prisma.limits import limits_in_words
from resift.project.run import Run


def run(protocol: dict[str, Any], until: str | None = None, as_of: str | None = None) -> Run:
    return Run(
        name="r", started="2024-03-31T08:00:00Z", until=until, as_of=as_of, compare_with=None, config={},
        protocol_sha256="", strategies_sha256="", protocol=protocol, sent={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (run({}), ()),
        (run({"languages": ["english", "french"]}), ("language: english, french",)),
        (run({"window": {"from": "1995-01-01", "field": "edat"}}), ("1995-01-01 to open [edat]",)),
        (run({}, until="2012-12-31"), ("no first day to 2012-12-31 [dp]",)),
        (run({}, as_of="2013-01-05"), ("only records that had entered PubMed by 2013-01-05 [crdt]",)),
    ],
)
def test_each_limit_is_said_and_nothing_where_there_is_none(made: Run, said: tuple[str, ...]) -> None:
    assert limits_in_words(made) == said
