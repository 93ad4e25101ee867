"""What the page shows of a strategy: its numbered lines, its faults, what the source left out."""

from __future__ import annotations

from dataclasses import replace

from resift.documents import SearchLine, ServerMessage
from resift.report.page import ReportData, render


def test_numbered_lines_faults_and_losses_are_drawn(data: ReportData) -> None:
    lines = (
        SearchLine(line=1, text="liver[ti]", n=1234, expansion="liver[ti]", printed=1200),
        SearchLine(line=2, text="#1 AND scan[ti]", n=7, expansion="(liver[ti]) AND scan[ti]"),
    )
    lost = ServerMessage(kind="PhraseNotFound", text="zzq", lost="a term inside OR", stops=False)
    first = replace(
        data.searches[0], lines=lines, faults=("this ( is <never> closed",), server_messages=(lost,)
    )
    page = render(replace(data, searches=[first, *data.searches[1:]]))
    for shown in ("(liver[ti]) AND scan[ti]", "<td>1,200</td><td>1,234</td>", "<td></td><td>7</td>"):
        assert shown in page
    assert "this ( is &lt;never&gt; closed" in page
    assert "PhraseNotFound: zzq: a term inside OR" in page
