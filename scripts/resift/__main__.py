"""The command line: `resift SUBCOMMAND`. Every subcommand is a module in `resift.commands`."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from resift import __version__
from resift.commands import COMMANDS
from resift.errors import ResiftError, printable
from resift.files import refusal
from resift.signals import Ended, end_in_words

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


def main(argv: list[str] | None = None) -> int:
    """Parse arguments and run one subcommand; returns its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if _opened_in_place_of_closed():
        return _said("standard output is closed: send it to a file, or to /dev/null")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Unicode is no reason to stop
    end_in_words()
    try:
        code = _run(arguments)
        _flush()
        return code
    except ResiftError as error:
        return _said(str(error))
    except Ended as ended:
        return _said(f"ended by {ended.name}", ended.code)
    except KeyboardInterrupt:
        return _said("interrupted", 130)
    except BrokenPipeError:
        # A reader such as `head` has closed our output; nothing is wrong.
        _close_output()
        return 0
    except SystemExit as ended:
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
        return 0  # rich has met the closed reader, and closed our output
    except OSError as error:
        _close_output()
        return _said(refusal(error))
    except RecursionError:
        return _said("something in the input is nested too deeply to be read")
    except MemoryError:
        return _said("there is not enough memory for this input")


def _run(arguments: list[str]) -> int:
    try:
        args = build_parser(arguments[:1]).parse_args(arguments)
    except SystemExit as ended:
        if ended.code:
            raise
        return 0
    return int(args.run(args))


def _flush(*said: str) -> None:
    try:
        sys.stdout.writelines(said)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard output") from None


def _opened_in_place_of_closed() -> bool:
    """Whether standard output is closed. Files opened later must not take the numbers of closed streams: a
    child would write what it says into them."""
    closed = sys.stdout is None
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for good
    return closed


def _said(line: str, code: int = 1) -> int:
    with contextlib.suppress(OSError):
        print(f"resift: {printable(line)}", file=sys.stderr)
    return code


def _close_output() -> None:
    """What is still unwritten goes nowhere: Python would complain of it once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """argparse, but that help which cannot be written is an error as any other output is."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            _flush(message)
        else:
            (file or sys.stderr).write(message)


def build_parser(asked: list[str] | None = None) -> argparse.ArgumentParser:
    """The parser of the subcommand asked for; of all of them when that is not the name of one."""
    parser = _Parser(
        prog="resift",
        description="Rerun a published review's literature search, exactly, and audit every decision.",
    )
    parser.add_argument("--version", action="version", version=f"resift {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    known = asked if asked and asked[0] in COMMANDS else COMMANDS
    for name in known:
        command = importlib.import_module(f"resift.commands.{name.replace('-', '_')}")
        sub = subparsers.add_parser(name, help=command.HELP, description=command.HELP)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
