"""What a review reports of its search: a person's judgement with its quote, or a line of advice."""

from __future__ import annotations

from typing import Any

import pytest

from resift.errors import ConfigError
from resift.project.reported import check_reported, judgements_as_text

WHERE = "protocol.yaml"


def checked(databases: tuple[str, ...] = ("PubMed", "Embase"), **reported: Any) -> None:
    check_reported({"databases": list(databases), "reported": reported}, WHERE)


def test_what_a_review_tells_is_taken_as_it_stands() -> None:
    checked(
        prisma_s={"1": {"judged": "yes", "quote": "PubMed"}, "2": {"judged": "not applicable"}, "8": None},
        records_identified={"PubMed": 120, "Embase": None, "total": 300},
        search_date="2012-12",
    )
    checked(records_identified=300, search_date=None)
    check_reported({}, WHERE)


def test_yaml_reads_yes_as_true_and_a_judgement_is_the_word() -> None:
    content = {"reported": {"prisma_s": {"1": {"judged": True}, "8": {"judged": False}, "9": None}}}
    judgements_as_text(content)
    assert content["reported"]["prisma_s"] == {"1": {"judged": "yes"}, "8": {"judged": "no"}, "9": None}


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        ({"prisma_s": {"1": "all of it"}}, r"prisma_s\.1': 'all of it' is no judgement with its quote"),
        ({"prisma_s": {"1": True}}, r"prisma_s\.1': 'yes' is no judgement with its quote"),
        ({"prisma_s": {"8": {"judged": "maybe"}}}, "judged cannot be 'maybe'"),
        ({"prisma_s": {"8": {"judged": "not applicable"}}}, "judged cannot be 'not applicable'"),
        ({"prisma_s": {"13": {"judged": "partly", "quote": " "}}}, "judged partly without a quote"),
        ({"records_identified": {"Embasse": 3}}, r"names no database 'Embasse'.*did you mean 'Embase'"),
        ({"records_identified": {"PubMed": -1}}, "'-1' is not a number of records"),
        ({"records_identified": {"PubMed": True}}, "'True' is not a number of records"),
        ({"search_date": "31.12.2012"}, r"reported\.search_date': '31\.12\.2012' is not a date"),
    ],
)
def test_what_a_verdict_could_only_guess_at_is_refused_with_advice(
    reported: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        checked(**reported)
    assert str(caught.value).startswith(WHERE)
