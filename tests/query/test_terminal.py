"""Queries and findings as text for people: in colour on a terminal, elsewhere plain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from resift.query.evidence import MOST_PLACES, explain
from resift.query.syntax import parse
from resift.query.terminal import explanation

from .conftest import a_record, table_of


def test_a_terminal_gets_colour_unless_no_color_is_set() -> None:
    import io

    from resift.query.findings import CURLY
    from resift.query.terminal import console

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TERM", "xterm-256color")
            patch.delenv("NO_COLOR", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            file = Terminal()
            console(file).print(CURLY.label, style="red")
            assert ("\x1b[31m" in file.getvalue()) is coloured


def test_evidence_ends_where_nobody_follows_it_any_more(capsys: pytest.CaptureFixture[str]) -> None:
    query = parse(" OR ".join(f"w[{tag}]" for tag in ("tiab", "tw", "all") for _ in range(40)))
    record = a_record(title="asthma", abstract="w " * 400)
    found = explain(query, table_of(record), 0, record)
    assert found.answer == "yes" and len(found.evidence) == MOST_PLACES and found.cut
    few = replace(found, evidence=found.evidence[:1])
    explanation("1", "asthma", few, query.text, dict.fromkeys(range(200), "w"))
    assert "the first 1 places; there are more" in capsys.readouterr().out
    assert not explain(query, table_of(record), 0, a_record(title="asthma", abstract="w " * 40)).cut
