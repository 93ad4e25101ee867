"""`resift audit-sample`: draw a blinded sample of what the rules excluded, or read its answers back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.runs.opened import OpenedRun

HELP = "draw a blinded sample of the rules' exclusions for a person to check, or read the answers back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift audit-sample`."""
    parser.add_argument("--n", type=int, default=300, help="how many records (default: 300)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed draws the same sample (default: 1)"
    )
    parser.add_argument("--run", dest="name", metavar="RUN", help="default: the run begun last")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="the sheet to fill in (default: audit-sample.csv beside the protocol); key and page lie beside",
    )  # fmt: skip
    parser.add_argument("--answers", type=Path, metavar="FILE", help="a filled sheet: say what it shows")
    parser.epilog = "example: resift audit-sample --n 300 --seed 1 --run demo -o audit.csv"


def run(args: argparse.Namespace) -> int:
    """Write the sheet, or say what its answers show. Exit code 0."""
    from resift.errors import ConfigError
    from resift.runs.opened import open_run
    from resift.screening.audit import audited, in_words

    opened = open_run(args.name)
    if args.answers is not None:
        rows = audited(args.answers, opened.decisions, criteria_version=opened.screening.version)
        for row in rows:
            print(
                f"{row.criterion}: {row.excluded} excluded, {row.drawn} drawn, "
                f"{row.wrong} wrong, {row.unsure} unsure"
            )
        print(in_words(rows))
        print(f"sample sha256 {rows[-1].sha256}")
        return 0
    if args.n < 1:
        raise ConfigError(
            "--n must be at least 1", where="audit-sample", fix="300 bound an error of 0 at 1 %"
        )
    _draw(opened, args)
    return 0


def _draw(opened: OpenedRun, args: argparse.Namespace) -> None:
    from resift.errors import ConfigError
    from resift.files import write_text
    from resift.screening.audit import draw, excluded_by_rules, key_of, key_text
    from resift.screening.audit_page import page, sheet

    output: Path = args.output or opened.protocol.path.with_name("audit-sample.csv")
    if output.exists():
        raise ConfigError(
            "exists already, perhaps with answers", where=str(output), fix="move it, or name another with -o"
        )
    sample = draw(
        excluded_by_rules(opened.decisions),
        n=args.n,
        seed=args.seed,
        run=opened.run.name,
        criteria_version=opened.screening.version,
    )
    held = {record.record: record for record in opened.records}
    records = [held[name] for name in sample.records]
    write_text(key_of(output), key_text(sample))
    write_text(output.with_suffix(".html"), page(records, sample.sha256, opened.protocol.question))
    write_text(output, sheet(records))
    print(
        f"{len(records)} of {sample.population} exclusions drawn, seed {sample.seed}, sha256 {sample.sha256}"
    )
    for name, size in sample.strata.items():
        print(f"  {name}: {len(sample.drawn[name])} of {size}")
    print(
        f"{output}: fill in the column answer (include, exclude, unsure); "
        f"{output.with_suffix('.html')} shows the texts"
    )
    print(
        f"then: resift audit-sample --answers {output}; `audit_sample` in the protocol shows it in the report"
    )
