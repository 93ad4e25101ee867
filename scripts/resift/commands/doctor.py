"""`resift doctor`: whether this machine can do the job, and where the server differs from what is assumed."""

from __future__ import annotations

import argparse
import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

HELP = "check this machine and the server before a first run; all server messages of all strategies at once"
EXAMPLE = "resift doctor --config config/config.yaml --save visit.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift doctor`."""
    parser.add_argument("--config", metavar="FILE", help="ask also with every strategy of its protocol")
    parser.add_argument("--eutils", metavar="URL", help="the server; default the config's, else NCBI's")
    parser.add_argument(
        "--citation-matcher",
        metavar="URL",
        help="the config's, else NCBI's where the server is NCBI; none: do not ask",
    )
    parser.add_argument("--email", metavar="ADDRESS", help="default the config's, else NCBI_EMAIL")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the answers, to send with a report")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="judge saved answers; no network")
    parser.add_argument("--offline", action="store_true", help="only what needs no network")
    parser.epilog = f"example: {EXAMPLE}"


def run(args: argparse.Namespace) -> int:
    """Print the findings. 0 = a run can rely on all of them, 1 = it cannot."""
    with _tries_untold():
        return _examine(args)


@contextlib.contextmanager
def _tries_untold() -> Iterator[None]:
    """What is tried again is told in the findings, and not a second time as it happens."""
    logger = logging.getLogger("resift")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _examine(args: argparse.Namespace) -> int:
    from resift.doctor.finding import printed
    from resift.doctor.machine import machine
    from resift.doctor.visit import replayed, visited

    local = [] if args.replay else machine(Path())
    print(printed(local), end="", flush=True)
    if args.offline:
        return int(not all(finding.sound for finding in local))
    if args.replay:
        outcome = replayed(args.replay, config=args.config)
    else:
        outcome = visited(
            config=args.config,
            eutils=args.eutils,
            citation_matcher=args.citation_matcher,
            email=args.email,
            save_to=args.save,
        )
    print(printed(list(outcome.findings)), end="")
    for name, messages in outcome.messages.items():
        print(f"\naccept_warnings of strategy '{name}', once you have read them:")
        print("".join(f"  - {message!r}\n" for message in messages), end="")
    if args.save:
        print(f"\nthe answers are in {args.save}; it holds no key and no address of yours")
    unsound = [f.name for f in (*local, *outcome.findings) if not f.sound]
    print(f"\nnot as it should be: {'; '.join(unsound)}" if unsound else "\nall well")
    return int(bool(unsound))
