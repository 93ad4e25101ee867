"""Pages are made from templates that are compiled once."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from report.flows import flow
from resift.report import templating
from resift.report.flow_svg import flow_svg
from resift.report.templating import jinja_environment


def test_templates_are_kept_compiled_and_need_not_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be written to, or holds half a file, draws the same."""
    made = flow()
    kept = templating._Compiled()
    monkeypatch.setattr(templating, "_COMPILED", kept)
    kept.directory = str(tmp_path / "missing" / "too")
    drawn = flow_svg(made)
    kept.directory, kept._held = str(tmp_path / "kept"), {}
    assert flow_svg(made) == drawn
    (written,) = (tmp_path / "kept").iterdir()
    written.write_bytes(written.read_bytes()[:100])
    kept._held = {}
    assert flow_svg(made) == drawn


def test_text_is_escaped_and_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.html.j2").write_text("<p>{{ title }}</p>\n")
    template = jinja_environment(tmp_path).get_template("a.html.j2")
    assert template.render(title="<b>&") == "<p>&lt;b&gt;&amp;</p>\n"
    with pytest.raises(jinja2.UndefinedError):
        template.render(titel="x")
