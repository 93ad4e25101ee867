"""A protocol that extends another: its own keys stand over the other's, whose files keep their folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from resift.errors import ConfigError
from resift.project.extends import read_extended
from resift.project.protocol import load_protocol

PARENT = {
    "id": "x",
    "languages": ["english"],
    "screening": "screening.yaml",
    "strategies": {"a": {"query": "cats[tiab] OR dogs[tiab]", "provenance": "reconstructed", "reason": "r"}},
}


def test_an_extending_protocol_takes_over_files_with_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "review").mkdir()
    (tmp_path / "demo").mkdir()
    (tmp_path / "review" / "screening.yaml").write_text("criteria: []\n")
    (tmp_path / "review" / "protocol.yaml").write_text(yaml.safe_dump(PARENT))
    (tmp_path / "demo" / "protocol.yaml").write_text("extends: ../review/protocol.yaml\nid: demo\n")
    protocol = load_protocol(tmp_path / "demo" / "protocol.yaml")
    assert protocol.id == "demo"
    assert protocol.screening is not None
    assert protocol.screening.resolve() == (tmp_path / "review" / "screening.yaml").resolve()
    assert protocol.extended == (tmp_path / "review" / "protocol.yaml",)


def test_every_file_that_a_protocol_names_keeps_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "review").mkdir()
    named = {
        "decisions": "human.csv",
        "known_items": ["known.csv"],
        "imports": [{"file": "a.ris", "database": "Embase"}],
        "other_methods": {"handsearched": "by-hand.ris"},
    }
    (tmp_path / "review" / "protocol.yaml").write_text(yaml.safe_dump({**PARENT, **named}))
    (tmp_path / "demo.yaml").write_text("extends: review/protocol.yaml\nlanguages: [french]\n")
    followed: list[Path] = []
    content = read_extended(tmp_path / "demo.yaml", (), followed)
    assert followed == [tmp_path / "review" / "protocol.yaml"]
    assert content["languages"] == ["french"] and content["screening"] == "review/screening.yaml"
    assert content["decisions"] == "review/human.csv" and content["known_items"] == ["review/known.csv"]
    assert content["imports"][0]["file"] == "review/a.ris"
    assert content["other_methods"]["handsearched"] == "review/by-hand.ris"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("extends: protocol.yaml", "leads back to the file itself"),
        ("extends: ../../other.yaml", "leads outside the project"),
        ("- a list", "holds no protocol"),
    ],
)
def test_a_circle_or_a_way_out_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, said: str
) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    path = tmp_path / "project" / "protocol.yaml"
    path.write_text(written)
    with pytest.raises(ConfigError, match=said) as caught:
        read_extended(path, (), [])
    assert str(caught.value).startswith(str(path))
