"""The Dockerfile: it copies what is there, installs what is locked, and does not run as root."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

import yaml

from resift import __version__

PROJECT = Path(__file__).resolve().parents[1]
LINES = re.sub(r"\\\n", " ", (PROJECT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
STEPS = [line.split(maxsplit=1) for line in LINES if line and not line.startswith("#")]
IGNORED = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()


def of(instruction: str) -> list[str]:
    return [rest for name, rest in STEPS if name == instruction]


def test_it_is_built_on_a_python_that_the_lock_is_for() -> None:
    (base,) = of("FROM")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = re.fullmatch(r"python:(\d+\.\d+)-slim", base)
    assert version and project["requires-python"] == f">={version[1]}"
    assert f"python={version[1]}" in (PROJECT / "environment.yml").read_text(encoding="utf-8")


def test_what_it_copies_and_what_the_wheel_carries_is_not_left_out() -> None:
    assert of("COPY") == ["requirements.lock .", ". ."]
    carried = re.findall(r'^    "([^"]+)",$', (PROJECT / "hatch_build.py").read_text(), re.MULTILINE)
    needed = [
        "requirements.lock",
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "scripts/resift",
    ]
    for name in [*needed, *carried]:
        assert list(PROJECT.glob(name)), name
        assert not any(fnmatch.fnmatch(name.split("/")[0], pattern) for pattern in IGNORED), name


def test_everything_is_installed_from_the_lock_before_the_code_changes() -> None:
    first, second = of("RUN")
    assert "--require-hashes -r requirements.lock" in first
    assert "--no-deps --no-build-isolation ." in second
    assert STEPS.index(["RUN", first]) < STEPS.index(["COPY", ". ."]) < STEPS.index(["RUN", second])


def test_it_does_not_run_as_root() -> None:
    (user,) = of("USER")
    assert user not in ("root", "0")
    assert STEPS.index(["USER", user]) < STEPS.index(["ENTRYPOINT", '["resift"]'])


def test_the_kubernetes_profile_asks_for_the_image_of_this_version() -> None:
    profile = yaml.safe_load((PROJECT / "workflow/profiles/kubernetes/config.yaml").read_text())
    assert profile["container-image"] == f"resift:{__version__}"
