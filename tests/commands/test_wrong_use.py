"""Wrong use of a command is one clear line."""

from __future__ import annotations

import pytest

from .conftest import Run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search"], "give a query or --config"),
        (["search", "x1[ti]"], "--archive"),
        (["search", "--config", "any.yaml", "--ids"], "--ids: goes with a query"),
        (["search", "--config", "any.yaml", "--dialect", "2012-01-01"], "--dialect: goes with a query"),
        (["explain", "x1[ti]", "1"], "--archive"),
        (["explain", "x1[ti]", "no-such-file"], "neither a PMID nor a file"),
        (["lint", "x1[ti]", "--mesh", "absent.bin"], "no such file"),
        (["lint", "x1[ti]", "--dialect", "2012"], "2012-12-31"),
        (["lint", "x1[ti]", "--known-items", "k.csv"], "--archive"),
    ],
)
def test_wrong_use_is_one_clear_line(resift: Run, arguments: list[str], said: str) -> None:
    done = resift(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
