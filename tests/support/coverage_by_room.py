"""Lines of the library that tests ran, room by room, from the combined data: `make coverage`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import Coverage


def by_room(files: dict[str, dict[str, dict[str, int]]]) -> dict[str, tuple[int, int]]:
    """Statements and missed ones of each room, from the files of coverage's JSON report."""
    statements: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, file in files.items():
        inside = Path(name).parts[Path(name).parts.index("resift") + 1 :]
        room = f"{inside[0]}/" if len(inside) > 1 else "(top)"
        statements[room] += file["summary"]["num_statements"]
        missed[room] += file["summary"]["missing_lines"]
    return {room: (statements[room], missed[room]) for room in sorted(statements)}


def table(rooms: dict[str, tuple[int, int]]) -> str:
    """A Markdown table with the whole library as its last row."""
    total = (sum(row[0] for row in rooms.values()), sum(row[1] for row in rooms.values()))
    lines = ["| room | lines | not run | run |", "|---|---|---|---|"]
    lines += [
        f"| {room} | {lines:,} | {missed:,} | {100 * (1 - missed / lines):.1f} % |"
        for room, (lines, missed) in [*rooms.items(), ("**library**", total)]
    ]
    return "\n".join(lines)


def main() -> None:
    coverage = Coverage()
    coverage.load()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(path), pretty_print=False)
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    print(table(by_room(files)))


if __name__ == "__main__":
    main()
