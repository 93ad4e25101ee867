"""A run gets its name, its start and its forerunner once, and keeps them."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from resift.errors import ConfigError, RunError
from resift.project.config import Config
from resift.project.protocol import Protocol, load_protocol
from resift.project.run import (
    Chosen,
    ahead_of,
    amendments,
    check_same,
    choose_run,
    find_earlier,
    load_run,
    point_to_latest,
    resolve_until,
    start_run,
)

NOW = datetime.datetime(2026, 11, 24, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def protocol(tmp_path: Path) -> Protocol:
    path = tmp_path / "protocol.yaml"
    path.write_text("id: rev\nwindow: {until: 2012-12-31}\nstrategies: {a: {query: cats}}\n")
    return load_protocol(path)


def config(**values: Any) -> Config:
    given = {"protocol": "protocol.yaml", "source": "archive", "archive": "xml", **values}
    return Config(**given)


def finish(folder: Path, started: str, protocol: str = "rev") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {"protocol": protocol, "recorded": {"started": started}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_run_is_named_after_protocol_and_day(tmp_path: Path, protocol: Protocol) -> None:
    assert choose_run(config(), protocol, now=NOW, results=tmp_path) == Chosen(name="rev-2026-11-24")


def test_an_unfinished_run_of_the_same_day_and_configuration_is_continued(
    tmp_path: Path, protocol: Protocol
) -> None:
    start_run(tmp_path / "rev-2026-11-24", config(), protocol, now=NOW)
    chosen = choose_run(config(), protocol, now=NOW, results=tmp_path)
    assert chosen == Chosen(name="rev-2026-11-24", begun="2026-11-24")
    assert chosen.told("2026-11-24") == ""
    other = choose_run(config(until="open"), protocol, now=NOW, results=tmp_path)
    assert other.name == "rev-2026-11-24-2"


def test_an_unfinished_run_of_an_earlier_day_is_continued_only_when_asked(
    tmp_path: Path, protocol: Protocol
) -> None:
    start_run(tmp_path / "rev-2026-11-20", config(), protocol, now=NOW - datetime.timedelta(days=4))
    new = choose_run(config(), protocol, now=NOW, results=tmp_path)
    assert new == Chosen(name="rev-2026-11-24", left="rev-2026-11-20")
    assert "--continue" in new.told("2026-11-24")
    old = choose_run(config(), protocol, now=NOW, results=tmp_path, resume=True)
    assert old == Chosen(name="rev-2026-11-20", begun="2026-11-20")
    assert "answered on 2026-11-20" in old.told("2026-11-24")


def test_a_run_with_a_fixed_name_is_continued_and_says_from_which_day(
    tmp_path: Path, protocol: Protocol
) -> None:
    start_run(tmp_path / "mine", config(run="mine"), protocol, now=NOW - datetime.timedelta(days=4))
    chosen = choose_run(config(run="mine"), protocol, now=NOW, results=tmp_path)
    assert chosen == Chosen(name="mine", begun="2026-11-20")
    assert "answered on 2026-11-20" in chosen.told("2026-11-24")


def test_a_run_that_lacks_a_service_is_completed_by_the_same_command(
    tmp_path: Path, protocol: Protocol
) -> None:
    folder = tmp_path / "rev-2026-11-24"
    start_run(folder, config(), protocol, now=NOW)
    finish(folder, "2026-11-24T08:00:00Z")
    (folder / "summary.json").write_text('{"unavailable": ["elink"]}')
    assert choose_run(config(), protocol, now=NOW, results=tmp_path).name == "rev-2026-11-24"


def test_searching_again_is_a_new_run(tmp_path: Path, protocol: Protocol) -> None:
    folder = tmp_path / "rev-2026-11-24"
    start_run(folder, config(), protocol, now=NOW)
    finish(folder, "2026-11-24T08:00:00Z")
    assert choose_run(config(), protocol, now=NOW, results=tmp_path).name == "rev-2026-11-24-2"


def test_run_yaml_is_written_once(tmp_path: Path, protocol: Protocol) -> None:
    first = start_run(tmp_path / "r", config(), protocol, now=NOW)
    bytes_before = (tmp_path / "r" / "run.yaml").read_bytes()
    again = start_run(tmp_path / "r", config(until="today"), protocol, now=NOW + datetime.timedelta(days=9))
    assert again == first == load_run(tmp_path / "r" / "run.yaml")
    assert (tmp_path / "r" / "run.yaml").read_bytes() == bytes_before
    assert first.until == "2012-12-31"


def test_amendments_since_the_freeze_are_listed(tmp_path: Path, protocol: Protocol) -> None:
    run = start_run(tmp_path / "r", config(), protocol, now=NOW, screening_version="1-abc")
    assert amendments(run, protocol, "1-abc") == []
    text = protocol.path.read_text().replace("cats", "dogs").replace("2012-12-31", "2013-12-31")
    protocol.path.write_text(text)
    assert amendments(run, load_protocol(protocol.path), "2-def") == [
        "strategy 'a' was changed",
        "'window' was changed",
        "criteria were changed (version 1-abc to 2-def)",
    ]


@pytest.mark.parametrize(
    ("until", "last_day"), [("today", "2026-11-24"), ("open", None), ("2021", "2021"), (None, "2012-12-31")]
)
def test_the_last_day_is_resolved_at_the_start(
    protocol: Protocol, until: str | None, last_day: str | None
) -> None:
    resolved = resolve_until(config(until=until) if until else config(), protocol, date="2026-11-24")
    assert resolved == last_day


def test_the_newest_finished_run_of_the_protocol_is_compared_with(tmp_path: Path, protocol: Protocol) -> None:
    finish(tmp_path / "b", "2026-01-01T00:00:00Z")
    finish(tmp_path / "a", "2026-02-01T00:00:00Z")
    finish(tmp_path / "c", "2026-03-01T00:00:00Z", protocol="another")
    (tmp_path / "unfinished").mkdir()
    started = "2026-11-24T08:00:00Z"
    assert find_earlier(config(), protocol, "now", started=started, results=tmp_path) == "a"
    assert find_earlier(config(), protocol, "a", started=started, results=tmp_path) == "b"
    none = config(compare_with="none")
    assert find_earlier(none, protocol, "now", started=started, results=tmp_path) is None


def test_an_anomalous_or_incomplete_run_is_never_the_latest(tmp_path: Path, protocol: Protocol) -> None:
    started = "2026-11-24T08:00:00Z"
    finish(tmp_path / "sound", "2026-01-01T00:00:00Z")
    for name, summary in (
        ("odd", {"anomalies": ["strategy a: the count fell from 9 to 8"], "unavailable": []}),
        ("incomplete", {"anomalies": [], "unavailable": ["elink"]}),
    ):
        finish(tmp_path / name, "2026-02-01T00:00:00Z")
        (tmp_path / name / "summary.json").write_text(json.dumps(summary))
    finish(tmp_path / "past", "2026-03-01T00:00:00Z")
    (tmp_path / "past" / "run.yaml").write_text("started: 2026-03-01T00:00:00Z\nas_of: 2013-01-01\n")
    assert find_earlier(config(), protocol, "now", started=started, results=tmp_path) == "sound"
    # Named once, an anomalous run is accepted.
    accepted = config(compare_with="odd")
    assert find_earlier(accepted, protocol, "now", started=started, results=tmp_path) == "odd"
    (tmp_path / "now").mkdir()
    point_to_latest(tmp_path / "now", "rev")
    point_to_latest(tmp_path / "sound", "rev")
    assert (tmp_path / "_latest" / "rev").resolve() == (tmp_path / "sound").resolve()


def test_comparing_with_a_run_that_is_not_there_is_refused(tmp_path: Path, protocol: Protocol) -> None:
    finish(tmp_path / "first", "2026-01-01T00:00:00Z")
    with pytest.raises(ConfigError, match="did you mean 'first'"):
        find_earlier(config(compare_with="frist"), protocol, "now", started="2027", results=tmp_path)


def test_a_folder_in_the_place_of_the_link_is_said_and_left(tmp_path: Path) -> None:
    """As a copy of a project has it when the copying tool followed the link."""
    (tmp_path / "run").mkdir()
    assert point_to_latest(tmp_path / "run", "rev") == ""
    (tmp_path / "_latest" / "rev").unlink()
    (tmp_path / "_latest" / "rev").mkdir()
    assert "remove it" in point_to_latest(tmp_path / "run", "rev")
    assert (tmp_path / "_latest" / "rev").is_dir()


def test_a_run_keeps_the_configuration_that_it_was_begun_with(tmp_path: Path, protocol: Protocol) -> None:
    begun = start_run(tmp_path / "mine", config(run="mine", until="2012-12-31"), protocol, now=NOW)
    run = load_run(tmp_path / "mine" / "run.yaml")
    assert run == begun
    same = config(run="mine", until="2012-12-31", email="another@example.org", requests_per_second=1.0)
    check_same(run, same, protocol, where="mine")
    for changed, said in (
        ({"until": "2005-12-31"}, "was begun with until: 2012-12-31; now it is 2005-12-31"),
        ({"until": None}, "until: 2012-12-31; now it is not set"),
        ({"until": "2012-12-31", "archive": "other"}, "archive: xml; now it is other"),
        ({"until": "2012-12-31", "compare_with": "none"}, "compare_with: not set; now it is none"),
    ):
        with pytest.raises(RunError, match=said):
            check_same(run, config(run="mine", **changed), protocol, where="mine")
    other = replace(protocol, id="another")
    with pytest.raises(RunError, match="protocol: rev; now it is another"):
        check_same(run, same, other, where="mine")


def test_a_run_from_the_future_is_named_and_not_compared_with(tmp_path: Path, protocol: Protocol) -> None:
    for name, started in (("old", "2026-11-20T08:00:00Z"), ("ahead", "2026-12-20T08:00:00Z")):
        start_run(tmp_path / name, config(run=name), protocol, now=NOW)
        finish(tmp_path / name, started)
    finish(tmp_path / "other", "2026-12-20T08:00:00Z", protocol="another")
    now = "2026-11-24T08:00:00Z"
    assert find_earlier(config(), protocol, "new", started=now, results=tmp_path) == "old"
    said = ahead_of(protocol, started=now, results=tmp_path)
    assert said.startswith("ahead began later than now (2026-11-24T08:00:00Z)") and "clock" in said
    assert ahead_of(protocol, started="2026-12-24T08:00:00Z", results=tmp_path) == ""
