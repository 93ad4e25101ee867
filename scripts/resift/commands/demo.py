"""`resift demo`: the bundled review over the bundled records, in a folder of its own."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HELP = "run the bundled example offline, in a folder of its own"
CONFIG = "config/demo.yaml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift demo`."""
    parser.add_argument(
        "--into", default="resift-demo", metavar="FOLDER", help="where to put it (default: %(default)s)"
    )
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N")


def run(args: argparse.Namespace) -> int:
    """Copy the example's `config/` unless it is there, then do what `resift run` does there."""
    import shutil

    from resift.commands import run as front_door
    from resift.errors import ConfigError
    from resift.project.shipped import shipped

    folder = Path(args.into)
    if not (folder / CONFIG).exists():
        if (folder / "config").exists():
            raise ConfigError(
                "holds another project", where=args.into, fix="name a new folder: --into FOLDER"
            )
        shutil.copytree(
            shipped("config"), folder / "config", ignore=shutil.ignore_patterns("__pycache__", "*.py")
        )
    os.chdir(folder)
    given = argparse.ArgumentParser()
    front_door.add_arguments(given)
    code = front_door.run(given.parse_args(["--config", CONFIG, "--cores", str(args.cores)]))
    print(f"in: {folder}   again: cd {folder} && resift run --config {CONFIG}")
    return code
