"""Where a string names a journal."""

from __future__ import annotations

import pytest

from resift.formats.citations.journals import find_journal
from resift.text.fold import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Surg", "Annals of surgery"),
        ("J Clin Oncol", "Journal of clinical oncology : official journal of the American Society"),
        (
            "Proc. Natl Acad. Sci. USA",
            "Proceedings of the National Academy of Sciences of the United States of America",
        ),
        ("Dtsch Med Wochenschr", "Deutsche medizinische Wochenschrift (1946)"),
        ("N Engl J Med", "NEJM"),
        ("Children (Basel)", "Children"),
    ],
)
def test_a_journal_is_found_by_its_abbreviation_and_its_initials(one: str, other: str) -> None:
    for journal, said in ((one, other), (other, one)):
        words = fold(said.split(":")[0].split("(")[0]).split()
        found = find_journal(journal, words, 0)
        assert found is not None and found[0] == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Surg Oncol", "Ann Surg"),
        ("Cancer research", "Cancer"),
        ("J Biol Chem", "J Biochem"),
        ("", "Lancet"),
    ],
)
def test_other_journals_are_not(one: str, other: str) -> None:
    assert find_journal(one, fold(other).split(), 0) is None
