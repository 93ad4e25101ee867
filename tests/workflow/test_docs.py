"""The documentation's own review, done as a reader would: every command and every file of the page."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from command_line import called, run_here
from tests.workflow.conftest import PROJECT

PAGE = (PROJECT / "docs" / "your-review.md").read_text(encoding="utf-8")


TRIAL, LIVE = PAGE.split("## 6. ")


def blocks(kind: str, text: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, flags=re.S)


@pytest.mark.slow
def test_your_own_review_in_ten_minutes(built: Path, tmp_path: Path) -> None:
    commands = [
        shlex.split(line, comments=True)[1:]
        for block in blocks("sh", TRIAL)
        for line in block.splitlines()
        if line.startswith("resift ")
    ]
    assert [command[0] for command in commands] == ["demo", "new", "lint", "search", "run"]
    # What the demo leaves is there already: it was run once for all tests.
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "demo").symlink_to(built / "config" / "demo")
    assert called(tmp_path, *commands[1]).returncode == 0
    folder = tmp_path / "config" / "reviews" / "gastrinoma-2020"
    for name, text in zip(("protocol.yaml", "screening.yaml"), blocks("yaml", TRIAL), strict=True):
        assert (folder / name).is_file()
        (folder / name).write_text(text)
    config = folder / "config.yaml"
    config.write_text(
        config.read_text().replace("source: pubmed", "source: archive\narchive: config/demo/corpus")
    )
    printed = ""
    for command in commands[2:]:
        name, *arguments = command
        here = name == "run" and arguments[0] == "--config"
        done = run_here(tmp_path, *arguments[1:]) if here else called(tmp_path, *command)
        assert done.returncode in (0, 10), f"{command}: {done.stdout}{done.stderr}"
        printed += done.stdout
    for shown in blocks("text", TRIAL):
        assert shown.strip() in printed
    (run,) = (path.parent for path in (tmp_path / "results").glob("*/run.yaml"))
    assert (run / "report.html").is_file()
    verdict = json.loads((run / "verdict.json").read_text(encoding="utf-8"))
    assert any("no earlier review is named" in why.lower() for why in verdict["because"])


def test_the_real_review_of_the_page_came_along() -> None:
    (named,) = set(re.findall(r"--config (\S+)", LIVE))
    assert (PROJECT / named).is_file()
    assert (PROJECT / named).with_name("README.md").is_file()
