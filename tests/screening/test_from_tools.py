"""Votes, reasons and labels as Rayyan, Covidence and ASReview write them into their exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.test_decide import rayyan

from resift.errors import FormatError
from resift.formats import read_entries
from resift.runs.opened import OpenedRun
from resift.screening.from_tools import told_in

HEADING = "key,title,authors,journal,year,volume,issue,pages,doi,abstract,notes"


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (
            r'RAYYAN-INCLUSION: {"A. {x} \"Q\" B"=>"Excluded", "Bea"=>"Included"} | RAYYAN-LABELS: p',
            [('A. {x} "Q" B', "exclude", ""), ("Bea", "include", "")],
        ),
        (
            'RAYYAN-INCLUSION: {"Ada"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: drug | dose,other\nour {own}',
            [("Ada", "exclude", "drug | dose, other")],
        ),
        (r'RAYYAN-INCLUSION: \{"Ada" => "Included", "Bea"=>nil\}', [("Ada", "include", "")]),
        ('RAYYAN-INCLUSION: {"Ada": "Maybe"}', [("Ada", "unsure", "")]),
        ("RAYYAN-INCLUSION: {} | RAYYAN-LABELS: a", []),
        ("RAYYAN-LABELS: a,b", []),
    ],
)
def test_no_vote_and_no_reason_of_rayyan_is_lost_for_its_signs(
    project: Path, opened: OpenedRun, notes: str, expected: list[tuple[str, str, str]]
) -> None:
    file = rayyan(project / "articles.csv", (1, opened.records[0], notes))
    told = told_in(file, list(read_entries(file)))
    assert [(one.reviewer, one.outcome, one.reason) for one in told] == expected


@pytest.mark.parametrize("votes", ['{"Ada"=>"Included", "Be', '{"Ada"=>Included}', '"Ada"=>"Included"'])
def test_votes_of_rayyan_that_cannot_be_read_are_said(project: Path, opened: OpenedRun, votes: str) -> None:
    file = rayyan(project / "articles.csv", (1, opened.records[0], f"RAYYAN-INCLUSION: {votes}"))
    with pytest.raises(FormatError, match="votes of Rayyan cannot be read"):
        told_in(file, list(read_entries(file)))


def test_a_second_download_of_covidence_and_the_notes_beside_a_reason_are_read(
    project: Path, opened: OpenedRun
) -> None:
    file = project / "review_1_excluded_csv_20240320131744 (1).csv"
    file.write_text("Title,Notes,Tags\nA title,Exclusion reason: Wrong dose; Ada: look again,t\n")
    (told,) = told_in(file, list(read_entries(file)))
    assert (told.reason, told.note) == ("Wrong dose", "Ada: look again; t")
    bad = file.rename(project / "review_1_excluded_csv_20241320131744.csv")
    with pytest.raises(FormatError, match="is no time"):
        told_in(bad, list(read_entries(bad)))


def test_a_list_of_covidence_that_is_not_known_is_refused(project: Path, opened: OpenedRun) -> None:
    file = rayyan(project / "review_1_elsewhere_csv_20240320131744.csv", (1, opened.records[0], ""))
    with pytest.raises(FormatError, match="the list 'elsewhere'"):
        told_in(file, list(read_entries(file)))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "rayyan.csv",
            'key,title,notes\n1,T,"RAYYAN-INCLUSION: {""Ada""=>""Undecided"", ""Bea""=>""Excluded""}"\n',
            [("exclude", "Bea", "", "")],
        ),
        (
            "rayyan.ris",
            'TY  - JOUR\nTI  - T\nN1  - RAYYAN-INCLUSION: {"Ada"=>"Maybe"}\n'
            'N1  - USER-NOTES: {"Ada"=>["ask"]}\nER  - \n',
            [("unsure", "Ada", "", "ask")],
        ),
        (
            "review_7_excluded_csv_20240320131745 - Copy.csv",
            "Title,Notes,Exclusion reason,Tags\nT,seen twice,Wrong drug,\n",
            [("exclude", "", "Wrong drug", "seen twice")],
        ),
        (
            "Copy of review_7_excluded_ris_20240320131745.txt",
            "TY  - JOUR\nTI  - T\nN1  - Exclusion reason: Wrong dose\nER  - \n",
            [("exclude", "", "Wrong dose", "")],
        ),
        (
            "asreview.ris",
            "TY  - JOUR\nTI  - T\nN1  - ASReview_relevant\nN1  - ASReview_note: look again\nER  - \n",
            [("include", "", "", "look again")],
        ),
    ],
)
def test_nothing_is_lost_where_a_tool_or_a_hand_puts_it_elsewhere(
    tmp_path: Path, name: str, text: str, told: list[tuple[str, str, str, str]]
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = told_in(path, list(read_entries(path)))
    assert [(one.outcome, one.reviewer, one.reason, one.note) for one in found] == told
