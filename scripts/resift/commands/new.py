"""`resift new`: the skeleton of a protocol, everything not reported until said otherwise."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "write the skeleton of a protocol and its configuration for your own review"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift new`."""
    parser.add_argument("id", help="name of the review: lower-case letters, digits and hyphens")
    parser.add_argument(
        "--into",
        default="config/reviews",
        metavar="FOLDER",
        help="where reviews are kept (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Write `<into>/<id>/` with every file a run needs; an existing folder is left alone."""
    from resift.errors import ConfigError
    from resift.runs.skeleton import NAME, files

    if not NAME.fullmatch(args.id):
        raise ConfigError(
            f"'{args.id}' cannot name a review",
            fix="use lower-case letters, digits and hyphens, as in smith-2020",
        )
    folder = Path(args.into) / args.id
    if folder.exists():
        raise ConfigError("exists already", where=str(folder), fix="choose another id, or edit what is there")
    folder.mkdir(parents=True)
    for name, text in files(args.id, folder.as_posix()).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(folder / name)
    print(f"next: fill in {folder / 'protocol.yaml'}, then: resift search --config {folder / 'config.yaml'}")
    return 0
