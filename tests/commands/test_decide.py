"""`resift decide`: what tools export comes back to the right records, is told line by line, and appended."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from resift.__main__ import main
from resift.records import Record
from resift.runs.opened import OpenedRun, open_run
from resift.screening.human_decisions import load_human_decisions
from resift.vocabulary import State

COVIDENCE = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,"
    "Ref,Covidence #,Study,Notes,Tags"
)


HEADING = "key,title,authors,journal,year,volume,issue,pages,doi,abstract,notes"


def decided(project: Path) -> list[tuple[str, str, str, str, str]]:
    rows = load_human_decisions(project / "human-decisions.csv")
    return [(row.record, row.stage, row.outcome, row.reviewer, row.reason) for row in rows]


def rayyan(path: Path, *rows: tuple[int, Record, str], doi: bool = True) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING.split(","))
        for key, r, notes in rows:
            where = (r.journal, r.year, r.volume, r.issue, r.pages, r.doi if doi else "", r.abstract)
            writer.writerow([f"rayyan-{key}", r.title, " and ".join(r.authors), *where, notes])
    return path


def by_state(opened: OpenedRun, state: State) -> list[Record]:
    held = {record.record: record for record in opened.records}
    return [held[row.record] for row in opened.decisions if row.state is state and row.record in held]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["decide", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_rayyan_tells_every_vote_and_nothing_is_written_without_apply(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = by_state(opened, State.AWAITING)[:2]
    votes = 'RAYYAN-INCLUSION: {"Ada"=>"Included", "Bea"=>"Maybe"} | RAYYAN-LABELS: a,b'
    out = (
        'RAYYAN-INCLUSION: {"Ada"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language '
        '| USER-NOTES: {"Ada"=>["check later", "again"]}'
    )
    stranger = Record(
        record="x:1", source="x", title="A paper that nobody has ever found anywhere", year=2001
    )
    file = rayyan(project / "articles.csv", (1, one, votes), (2, two, out), (3, stranger, votes), doi=False)
    said = run(capsys, file)
    assert f"{two.record}  title abstract exclude (wrong population, foreign language) by Ada" in said
    assert "awaiting -> excluded" in said
    assert "not matched" in said and "A paper that nobody" in said
    assert "nothing written" in said and not decided(project)
    run(capsys, file, "--apply")
    assert decided(project) == [
        (one.record, "title_abstract", "include", "Ada", ""),
        (one.record, "title_abstract", "unsure", "Bea", ""),
        (two.record, "title_abstract", "exclude", "Ada", "wrong population, foreign language"),
    ]
    assert "check later; again" in load_human_decisions(project / "human-decisions.csv")[2].note
    assert "0 rows" in run(capsys, file, "--apply")
    assert len(decided(project)) == 3


RAYYAN_RIS = "\n".join((
    "TY  - JOUR", "TI  - {title}", "AU  - {author}", "PY  - {year}", "DO  - {doi}", "N1  - {notes}",
    "N1  - a note of our own", "ER  - ", "",
))  # fmt: skip


RAYYAN_BIB = (
    "@article{{rayyan-11,\n title={{{title}}},\n author={{{author}}},\n year={{{year}}},\n doi={{{doi}}},\n"
    " note={{{notes}}}\n}}\n"
)


@pytest.mark.parametrize(("form", "suffix"), [(RAYYAN_RIS, "ris"), (RAYYAN_BIB, "bib")])
def test_rayyans_ris_and_bibtex_say_what_its_csv_says(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str], form: str, suffix: str
) -> None:
    one = next(record for record in by_state(opened, State.AWAITING) if record.doi)
    notes = (
        'RAYYAN-INCLUSION: {"Ada"=>"Excluded", "Bea"=>"Maybe"} | RAYYAN-LABELS: a,b '
        '| RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Ada"=>["look"]}'
    )
    file = project / f"articles.{suffix}"
    file.write_text(
        form.format(title=one.title, author=one.authors[0], year=one.year, doi=one.doi, notes=notes)
    )
    run(capsys, file, "--apply")
    assert decided(project) == [
        (one.record, "title_abstract", "exclude", "Ada", "wrong population, foreign language"),
        (one.record, "title_abstract", "unsure", "Bea", ""),
    ]
    assert load_human_decisions(project / "human-decisions.csv")[0].note.startswith("look; labels: a,b")


def test_rayyans_log_leaves_the_votes_that_only_the_notes_hold_and_tells_reviewers_apart(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = by_state(opened, State.AWAITING)[:2]
    file = rayyan(project / "a.csv", (11, one, ""), (12, two, 'RAYYAN-INCLUSION: {"Bea"=>"Included"}'))
    log = project / "customizations_log.csv"
    log.write_text(
        "Article_ID, created_at,user_id,user_email,key,value\n"
        "11,2024-01-02 10:00:00 UTC,5,ada@a.example,included,1\n"
        "11,2024-01-02 11:00:00 UTC,6,ada@b.example,included,-1\n"
    )
    run(capsys, file, log, "--apply")
    assert {row[:1] + row[2:4] for row in decided(project)} == {
        (one.record, "include", "ada@a.example"),
        (one.record, "exclude", "ada@b.example"),
        (two.record, "include", "Bea"),
    }


def test_rayyans_log_gives_times_and_its_last_word(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = by_state(opened, State.AWAITING)[:2]
    file = rayyan(project / "articles.csv", (11, one, ""), (12, two, ""))
    log = project / "customizations_log.csv"
    log.write_text(
        "article_id,created_at,user_id,user_email,key,value\n"
        "11,2024-01-02 10:00:00 UTC,5,ada@example.org,included,1\n"
        "11,2024-01-03 10:00:00 UTC,5,ada@example.org,included,-1\n"
        '11,2024-01-03 10:00:01 UTC,5,ada@example.org,"__EXR__wrong drug",1\n'
        "12,2024-01-03 10:05:00 UTC,5,ada@example.org,included,1\n"
        "12,2024-01-03 10:06:00 UTC,5,ada@example.org,included,deleted\n"
        "99,2024-01-03 10:07:00 UTC,5,ada@example.org,included,0\n"
    )
    said = run(capsys, file, log, "--apply")
    assert decided(project) == [(one.record, "title_abstract", "exclude", "ada", "wrong drug")]
    assert load_human_decisions(project / "human-decisions.csv")[0].decided_at == "2024-01-03T10:00:00Z"
    assert "article 99 is not in articles.csv" in said


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("included", ("full_text", "include", "")),
        ("excluded", ("full_text", "exclude", "Wrong population")),
        ("irrelevant", ("title_abstract", "exclude", "")),
        ("select", ("title_abstract", "include", "")),
    ],
)
def test_covidence_says_in_the_name_of_a_file_what_its_list_is(
    project: Path,
    opened: OpenedRun,
    capsys: pytest.CaptureFixture[str],
    listed: str,
    expected: tuple[str, str, str],
) -> None:
    one = next(record for record in by_state(opened, State.ELIGIBLE) if record.doi)
    file = project / f"review_283729_{listed}_csv_20240320131744.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COVIDENCE.split(","))
        notes = "Exclusion reason: Wrong population; " if listed == "excluded" else ""
        where = (one.year, "", one.journal, one.volume, one.issue, one.pages, "", one.doi)
        writer.writerow([one.title, "; ".join(one.authors), one.abstract, *where, "1", "#7", "A", notes, ""])
    run(capsys, file, "--apply", "--reviewer", "team")
    assert decided(project) == [(one.record, *expected[:2], "team", expected[2])]
    assert load_human_decisions(project / "human-decisions.csv")[0].decided_at == "2024-03-20T13:17:44"


def test_asreview_labels_count_where_they_say_more_than_was_exported(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.support.exports import to_text

    from resift.runs.exports import exported

    held = {record.record: record for record in opened.records}
    items = [exported(row, held[row.record]) for row in opened.decisions if row.record in held]
    ris = project / "asreview.ris"
    ris.write_text(to_text("ris", items))
    assert "0 rows" in run(capsys, ris)
    one = by_state(opened, State.EXCLUDED)[0]
    text = ris.read_text()
    at = text.index(f"ID  - {one.record}\n")
    ris.write_text(text[:at] + text[at:].replace("ASReview_irrelevant", "ASReview_relevant", 1))
    assert f"{one.record}  title abstract include by ASReview: excluded -> eligible" in run(capsys, ris)
    table = project / "asreview.csv"
    lines = list(csv.reader(to_text("csv", items).splitlines()))
    two = by_state(opened, State.AWAITING)[0]
    with table.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*lines[0], "asreview_label", "asreview_time", "asreview_note"])
        for cells in lines[1:]:
            mine = cells[0] == two.record
            writer.writerow(
                [*cells, "0" if mine else "", "2025-02-03 04:05:06.7" if mine else "", "why" * mine]
            )
    run(capsys, table, "--apply", "--reviewer", "CD")
    assert decided(project) == [(two.record, "title_abstract", "exclude", "CD", "")]
    row = load_human_decisions(project / "human-decisions.csv")[0]
    assert (row.decided_at, row.note.split("; ")[0]) == ("2025-02-03T04:05:06", "why")


def test_the_reports_own_rows_are_appended_whole_and_unknown_records_listed(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one = by_state(opened, State.AWAITING)[0]
    file = project / "decisions-AB.csv"
    heading = (project / "human-decisions.csv").read_text()
    row = (
        f"2026-01-02T03:04:05Z,AB,reviewer,{one.record},title_abstract,exclude,,,'=1+1,yes,{one.text_sha256},"
    )
    file.write_text(
        heading
        + row
        + f"{opened.screening.version}\n2026-01-02,AB,reviewer,pubmed:7,title_abstract,include,,,,,,\n"
    )
    said = run(capsys, file, "--apply")
    assert "pubmed:7 is not in this run" in said
    (held,) = load_human_decisions(project / "human-decisions.csv")
    assert (held.text_sha256, held.criteria_version) == (one.text_sha256, opened.screening.version)
    assert held.note == "'=1+1"


def test_our_own_rows_come_back_from_a_workbook_too(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one = by_state(opened, State.AWAITING)[0].record
    book = openpyxl.Workbook()
    book.active.append(["Decided at", "Reviewer", "Role", "Record", "Stage", "Outcome"])
    book.active.append(["2026-01-02", "AB", "reviewer", one, "title_abstract", "include"])
    book.save(project / "rows.xlsx")
    run(capsys, project / "rows.xlsx", "--apply")
    assert decided(project) == [(one, "title_abstract", "include", "AB", "")]


def test_rows_are_appended_in_the_columns_and_with_the_separator_that_the_file_has(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    held = project / "human-decisions.csv"
    first, one = (record.record for record in by_state(opened, State.AWAITING)[:2])
    before = "\ufeffReviewer;Role;Decided at;Record;Stage;Outcome;Note\n"
    before += f"CD;reviewer;2026-01-01;{first};title_abstract;unsure;"
    held.write_text(before, encoding="utf-8")
    file = project / "rows.csv"
    file.write_text(
        f"decided_at,reviewer,role,record,stage,outcome\n2026-01-02,AB,reviewer,{one},title_abstract,include\n"
    )
    run(capsys, file, "--apply")
    assert held.read_text(encoding="utf-8").startswith(before + "\n")
    assert [row.record for row in load_human_decisions(held)] == [first, one]
    votes = 'RAYYAN-INCLUSION: {"A"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: x'
    other = rayyan(project / "a.csv", (1, opened.records[0], votes))
    assert main(["decide", str(other), "--apply"]) == 1
    assert "has no column 'reason'" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", "x.csv", "--run", "nowhere"]) == 1
    assert "is not a finished run" in capsys.readouterr().err
    assert open_run("fixture-run").run.name == "fixture-run"


def test_who_comes_back_to_an_earlier_word_is_heard_and_a_file_given_twice_says_nothing_new(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    one = by_state(opened, State.AWAITING)[0]
    file = project / "rows.csv"
    heading = "decided_at,reviewer,role,record,stage,outcome\n"
    words = ((10, "include"), (11, "exclude"), (12, "include"))
    file.write_text(
        heading
        + "".join(
            f"2026-01-02T{at}:00:00Z,AB,reviewer,{one.record},title_abstract,{out}\n" for at, out in words
        )
    )
    assert "awaiting -> eligible" in run(capsys, file, "--apply")
    assert [row[2] for row in decided(project)] == ["include", "exclude", "include"]
    assert "0 rows" in run(capsys, file, "--apply")
    votes = rayyan(project / "a.csv", (1, one, 'RAYYAN-INCLUSION: {"Ada"=>"Maybe"}'))
    assert "1 rows" in run(capsys, votes, "--apply", "--date", "2026-01-03")
    assert "0 rows" in run(capsys, votes, "--apply", "--date", "2026-01-04")


def test_what_is_foretold_of_rows_of_one_day_is_what_the_file_then_says(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    two, one = by_state(opened, State.AWAITING)[:2]
    held, file = project / "human-decisions.csv", project / "rows.csv"
    for path, rows in ((held, ((two, "unsure"), (one, "include"))), (file, ((one, "exclude"),))):
        path.write_text(
            "decided_at,reviewer,role,record,stage,outcome\n"
            + "".join(f"2026-01-02,AB,reviewer,{r.record},title_abstract,{out}\n" for r, out in rows)
        )
    assert "eligible -> excluded" in run(capsys, file, "--apply")
