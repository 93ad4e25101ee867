"""One line of the doctor: what was asked, what was expected and why, what came, and what that means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`NOTE`: not as expected, and nothing depends on it here; `FAILED`: there was no usable answer."""

    OK = "ok"
    NOTE = "note"
    DIFFERENT = "different"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`why` names the source of the expectation; `advice` is what to do, "" where nothing is."""

    name: str
    asked: str
    expected: str
    why: str
    came: str
    verdict: Verdict
    advice: str = ""

    @property
    def sound(self) -> bool:
        """Whether a run can rely on this point."""
        return self.verdict in (Verdict.OK, Verdict.NOTE)


def printed(findings: list[Finding]) -> str:
    """The findings for a person: one line where all is well, and the whole story where it is not."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.verdict.value:<10}{finding.name}: {finding.came}")
        if finding.verdict is not Verdict.OK:
            lines += [
                f"          asked     {finding.asked}",
                f"          expected  {finding.expected} ({finding.why})",
            ]
            if finding.advice:
                lines.append(f"          advice    {finding.advice}")
    return "\n".join(lines) + "\n"
