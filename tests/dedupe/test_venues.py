"""Where an entry appeared, and how like two names are."""

from __future__ import annotations

import pytest

from resift.dedupe.venues import Venue, journal_likeness, read_journal, read_venue, volume_in_name


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        (
            "Am J Physiol Heart Circ Physiol",
            "American Journal of Physiology - Heart and Circulatory Physiology",
            85,
            100,
        ),
        ("BMJ (Clinical research ed.)", "British Medical Journal", 85, 100),
        ("Circulation. Conference: AHA Scientific Sessions", "Circulation", 100, 100),
        ("Circulation", "Circulation Research", 0, 64),
        ("Brain Research", "Brain Research Protocols", 0, 64),
        ("ICIS 2010 Proceedings", "ECIS 2010 Proceedings", 0, 64),
        ("J Hepatol", "J Viral Hepat", 0, 64),
        ("Diabetes", "Diabetologia", 0, 64),
    ],
)
def test_journals(one: str, two: str, least: float, most: float) -> None:
    assert least <= journal_likeness(read_journal(one), read_journal(two)) <= most


def test_kinds_of_venue() -> None:
    assert read_venue("bioRxiv", "article", "", "") == Venue.PREPRINT
    assert read_venue("in proceedings of the 9th conference on learning", "article", "", "") == Venue.MEETING
    assert read_venue("Technical Report CS-12", "article", "", "") == Venue.REPORT
    assert read_venue("Gut", "article", "", "") == Venue.JOURNAL
    assert read_venue("", "article", "", "") == Venue.UNKNOWN
    assert volume_in_name("machine learning 5(2)") == ("5", "2")
