"""What `import resift` offers: a handful of names, light to import, with examples that run."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import resift

PROJECT = Path(__file__).resolve().parents[1]


def test_the_examples_of_the_library_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)  # the examples name files of the project
    result = doctest.testmod(resift, extraglobs={"cache": tmp_path}, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 8
    assert result.failed == 0


def test_every_public_name_is_there_and_says_what_it_does() -> None:
    for name in resift.__all__:
        value = getattr(resift, name)
        assert callable(value) and value.__doc__, name
        assert value.__module__.startswith("resift."), name
    assert set(resift.__all__) <= set(dir(resift))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'serach'"):
        resift.serach  # noqa: B018


def test_importing_the_library_imports_none_of_its_rooms() -> None:
    code = (
        "import sys, resift\n"
        "sys.exit(','.join(name for name in sys.modules if name.startswith('resift.')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_library_says_that_it_is_typed() -> None:
    assert (Path(resift.__file__).parent / "py.typed").is_file()
