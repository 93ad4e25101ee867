"""`resift verify` finds nothing in a whole run, and what was changed though every hash was made to agree."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.workflow.conftest import built, demo  # noqa: F401

from resift.__main__ import main
from resift.runs.ledger import read_ledger, write_ledger
from resift.runs.verify import verify
from resift.tables import DECISIONS, MANIFEST


@pytest.fixture
def run(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A copy of the finished demo; the working directory is its project."""
    project = Path(
        shutil.copytree(
            demo, tmp_path / "project", ignore=shutil.ignore_patterns(".snakemake"), symlinks=True
        )
    )
    monkeypatch.chdir(project)
    return Path("results/demo")


def agree(run: Path) -> None:
    """Make ledger and manifest agree with what lies there, as someone would who wants to deceive."""
    known = {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in read_ledger(run)}
    manifest = json.loads(MANIFEST.of(run).read_text(encoding="utf-8"))
    manifest["files"] = {name: sha256 for name, sha256 in known.items() if name != MANIFEST.pattern}
    MANIFEST.of(run).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    known[MANIFEST.pattern] = hashlib.sha256(MANIFEST.of(run).read_bytes()).hexdigest()
    write_ledger(run, known)


def found(run: Path) -> list[tuple[str, str]]:
    return [(finding.name, finding.what) for finding in verify(run).findings]


def test_a_whole_run_has_nothing_to_find(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "demo"]) == 0
    said = capsys.readouterr().out
    assert "all as they were written" in said and len(said.splitlines()) == 1
    seen = verify(run)
    assert seen.notes == []
    assert seen.files > 60 and seen.answers > 10 and seen.rows > 2000 and seen.identities > 50


def test_a_changed_byte_names_the_file_and_the_first_step(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("report.html", "screening/other.csv", "flow.svg"):
        content = (run / name).read_bytes()
        (run / name).write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    (run / "exports" / "all.ris").unlink()
    assert main(["verify", "results/demo"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("results/demo/screening/other.csv: ")
    assert "results/demo/exports/all.ris: is missing" in lines
    assert "results/demo/report.html: is not what its step wrote" in lines
    assert lines[-1].endswith("the first step that differs: screen")


def changed_decision(run: Path) -> None:
    """An excluded record becomes eligible; every row is still of its type."""
    rows = DECISIONS.read(DECISIONS.of(run))
    text = DECISIONS.of(run).read_text(encoding="utf-8")
    row = next(row for row in rows if row.state == "excluded")
    line = next(line for line in text.splitlines() if line.startswith(f"{row.record},"))
    changed = line.replace(",excluded,excluded,", ",eligible,eligible,")
    assert changed != line
    DECISIONS.of(run).write_text(text.replace(line, changed), encoding="utf-8", newline="")


def unknown_word(run: Path) -> None:
    path = run / "duplicates" / "databases.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(",true,", ",perhaps,", 1), encoding="utf-8", newline=""
    )


def other_bytes(run: Path) -> None:
    path = run / "search" / "hits.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def other_answer(run: Path) -> None:
    """An answer of another content, with its row made to agree."""
    path, table = run / "raw" / "requests.csv", []
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    row = next(cells for cells in table if cells[1] == "efetch")
    body = gzip.decompress((run / "raw" / f"{row[0]}.gz").read_bytes())
    changed = body.replace(b"</ArticleTitle>", b" indeed</ArticleTitle>")
    assert changed != body
    (run / "raw" / f"{row[0]}.gz").write_bytes(gzip.compress(changed, compresslevel=6, mtime=0))
    row[5] = hashlib.sha256(changed).hexdigest()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def other_request(run: Path) -> None:
    path = run / "raw" / "requests.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1995/01/01", "1996/01/01"), encoding="utf-8")


def refused_answer(run: Path) -> None:
    """An answer that the checks would never have let in."""
    path = run / "raw" / "requests.csv"
    with path.open(encoding="utf-8", newline="") as file:
        row = next(cells for cells in csv.reader(file) if cells[1] == "einfo")
    page = b"<html><body>Sign in</body></html>"
    (run / "raw" / f"{row[0]}.gz").write_bytes(gzip.compress(page, compresslevel=6, mtime=0))
    text = path.read_text(encoding="utf-8").replace(row[5], hashlib.sha256(page).hexdigest())
    path.write_text(text, encoding="utf-8")


def other_text(run: Path) -> None:
    path = run / "records" / "databases.parquet"
    table = pq.read_table(path)
    titles = table["title"].to_pylist()
    titles[0] += " (changed)"
    import pyarrow as pa

    at = table.schema.get_field_index("title")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(titles)), path)


def one_record_less(run: Path) -> None:
    path = run / "duplicates" / "other.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8", newline="")


def another_number(run: Path) -> None:
    path = run / "flow.json"
    flow = json.loads(path.read_text(encoding="utf-8"))
    next(box for box in flow["boxes"] if box["n"])["n"] += 1
    path.write_text(json.dumps(flow, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def another_protocol(run: Path) -> None:
    path = run / "run.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  - english", "  - german"), encoding="utf-8")


CHANGES: tuple[tuple[Callable[[Path], None], str, str], ...] = (
    (changed_decision, "flow.json", "identity F3 fails"),
    (unknown_word, "duplicates/databases.csv", "line 2, column kept"),
    (other_bytes, "search/hits.csv", "is not written as resift writes it"),
    (other_answer, "records/databases.parquet", "no answer on the tape holds it"),
    (other_request, "raw/", "is that of another request"),
    (refused_answer, "raw/", "is no usable answer"),
    (other_text, "records/databases.parquet", "its text has another hash"),
    (one_record_less, "duplicates/other.csv", "is a record of this lane and not grouped"),
    (another_number, "flow.json", "its number or hash is not that of its records"),
    (another_protocol, "run.yaml", "another protocol than the one whose hash was frozen"),
)


def test_changes_are_found_though_every_hash_was_made_to_agree(run: Path) -> None:
    for change, _, _ in CHANGES:
        change(run)
    agree(run)
    findings = found(run)
    for _, name, said in CHANGES:
        assert any(where.startswith(name) and said in what for where, what in findings), (name, said)
    assert not any(what.startswith("is not what its step wrote") for _, what in findings)
    assert all("\n" not in what for _, what in findings)


def test_a_changed_protocol_is_noted_and_the_rest_still_checked(run: Path) -> None:
    path = Path("config/reviews/rossi-2014/screening.yaml")
    path.write_text(
        path.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"'), encoding="utf-8"
    )
    seen = verify(run)
    assert seen.findings == []
    assert any("the flow was not counted again" in note for note in seen.notes)


def test_what_is_no_run_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 1
    assert "is not a run" in capsys.readouterr().err


def test_findings_of_one_kind_are_counted(run: Path) -> None:
    path = run / "duplicates" / "databases.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-30]), encoding="utf-8", newline="")
    said = [what for name, what in found(run) if name == "duplicates/databases.csv"]
    assert len([what for what in said if what.endswith("and not grouped")]) <= 20
    assert any(what.startswith("and ") and what.endswith("more of this kind") for what in said)
