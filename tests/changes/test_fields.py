"""Which fields of a record changed, and which headings the vocabulary renamed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from resift.changes.fields import FIELDS, differing, in_words, only_renamed, renamed_headings
from resift.records import Record

OLD = Record(
    record="pubmed:1",
    source="pubmed",
    pmid="1",
    title="A trial",
    mesh=("Islets*", "Humans"),
    authors=("A A", "B B"),
)


def with_headings(*headings: str) -> Record:
    return replace(OLD, mesh=headings)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_told_alone(name: str) -> None:
    was = getattr(OLD, name)
    other = (*was, "new") if isinstance(was, tuple) else 1999 if name == "year" else f"{was} new"
    assert differing(OLD, replace(OLD, **{name: other})) == (name,)
    assert in_words([name]) == FIELDS[name]


def test_an_order_is_no_change_and_what_was_only_fetched_anew_is_none() -> None:
    again = replace(
        OLD, mesh=OLD.mesh[::-1], authors=OLD.authors[::-1], revised="2020-01-01", element_sha256="f"
    )
    assert differing(OLD, again) == ()


@pytest.mark.parametrize(
    ("pairs", "renamed"),
    [
        # two records show it; one does not, an indexer may have replaced it there
        ([("Old", "New"), ("Old", "New")], {"Old": "New"}),
        ([("Old", "New")], {}),
        # with a qualifier, and as a main heading
        ([("Old*", "New*"), ("Old/surgery", "New/surgery")], {"Old": "New"}),
        # a copy keeps it; another name in its place; the new one was there before
        ([("Old", "New"), ("Old", "New"), ("Old", "Old")], {}),
        ([("Old", "New"), ("Old", "Other")], {}),
        ([("Old", "New"), ("Old", "New"), ("New", "New")], {}),
        # lost, not renamed
        ([("Old", ""), ("Old", "")], {}),
    ],
)
def test_a_heading_was_renamed_when_every_record_that_had_it_says_so(
    pairs: list[tuple[str, str]], renamed: dict[str, str]
) -> None:
    copies = [
        (with_headings("Humans", *filter(None, [was])), with_headings("Humans", *filter(None, [now])))
        for was, now in pairs
    ]
    assert renamed_headings(copies) == renamed


def test_a_record_is_only_renamed_where_qualifiers_and_stars_stay() -> None:
    renamed = {"Old": "New"}
    was = with_headings("Old/surgery*", "Humans")
    assert only_renamed(was, with_headings("Humans", "New/surgery*"), renamed)
    assert not only_renamed(was, with_headings("Humans", "New/surgery"), renamed)
    assert not only_renamed(was, with_headings("New/surgery*"), renamed)
