"""The command line: `resift SUBCOMMAND`. Every subcommand is a module in `resift.commands`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from resift import __version__
from resift.commands import COMMANDS
from resift.errors import ResiftError


def main(argv: list[str] | None = None) -> int:
    """Parse arguments and run one subcommand; returns its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        args = build_parser(arguments[:1]).parse_args(arguments)
        return int(args.run(args))
    except ResiftError as error:
        print(f"resift: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("resift: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # A reader such as `head` has closed our output; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def build_parser(asked: list[str] | None = None) -> argparse.ArgumentParser:
    """The parser of the subcommand asked for; of all of them when that is not the name of one."""
    parser = argparse.ArgumentParser(
        prog="resift",
        description="Rerun a published review's literature search, exactly, and audit every decision.",
    )
    parser.add_argument("--version", action="version", version=f"resift {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    known = asked if asked and asked[0] in COMMANDS else COMMANDS
    for name in known:
        command = importlib.import_module(f"resift.commands.{name}")
        sub = subparsers.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
