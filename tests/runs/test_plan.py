"""What a run rests on beside its own files: the runs before it, and what people gave."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from resift.project.run import RESULTS
from resift.runs.plan import READ_OF_CHAIN, chain_of, sha256_of
from resift.tables import RUN


def finished(name: str, compare_with: str) -> Path:
    folder = RESULTS / name
    for file in READ_OF_CHAIN:
        file.of(folder).parent.mkdir(parents=True, exist_ok=True)
        file.of(folder).touch()
    keys = ("started", "until", "as_of", "protocol_sha256", "strategies_sha256", "config", "protocol", "sent")
    start = dict.fromkeys(keys, "") | {"run": name, "compare_with": compare_with}
    RUN.of(folder).write_text(yaml.safe_dump(start))
    return folder


def test_a_chain_goes_back_to_the_first_run_that_is_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, two, three = finished("one", "gone"), finished("two", "one"), finished("three", "two")
    assert chain_of(three) == [three, two, one]
    finished("one", "three")
    assert chain_of(three) == [three, two, one]  # a circle ends where it began


def test_a_file_is_known_by_what_it_holds_not_by_its_time(tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text("id: one")
    before = sha256_of([str(path)])
    os.utime(path, (0, 0))
    assert sha256_of([str(path)]) == before
    path.write_text("id: two")
    os.utime(path, (0, 0))
    assert sha256_of([str(path)]) != before
    assert sha256_of([str(tmp_path / "missing")]) == sha256_of([])
