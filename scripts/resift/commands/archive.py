"""`resift archive`: a folder of PubMed XML as large as PubMed: mirror it, index it, look after it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from resift.commands.run import where_to_run

if TYPE_CHECKING:
    from resift.archive.source import FileState

HELP = "index a folder of PubMed XML, say how it stands, check it, or mirror NLM's"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift archive`."""
    actions = parser.add_subparsers(dest="action", metavar="add|status|verify|mirror", required=True)
    add = actions.add_parser("add", help="index what is new in the folder")
    add.add_argument("--part", metavar="N/M", default="1/1", help="the n-th of m equal parts")
    add.add_argument("--files-per-job", type=int, metavar="N", help="with --profile; default: 50")
    where_to_run(add)
    status = actions.add_parser("status", help="which files are indexed, and what stands")
    verify = actions.add_parser("verify", help="read every byte of the indexes again")
    mirror = actions.add_parser("mirror", help="download NLM's baseline and update files, or what is missing")
    mirror.add_argument("--url", default="", help="another mirror than NLM's")
    mirror.add_argument("--dry-run", action="store_true", help="say what would be downloaded, and stop")
    mirror.add_argument("--files", type=int, metavar="N", help="the first N files and no more")
    for action in (add, status, verify, mirror):
        action.add_argument("folder", type=Path, metavar="FOLDER")
    for action in (add, status, verify):
        action.add_argument("--cache", type=Path, default=Path(".cache/archive"), metavar="DIR")


def run(args: argparse.Namespace) -> int:
    """0; `verify`: 1 when anything is damaged or not indexed."""
    actions = {"add": _add, "status": _status, "verify": _verify, "mirror": _mirror}
    return actions[args.action](args)


def _add(args: argparse.Namespace) -> int:
    from resift.archive.jobs import FILES_PER_JOB, add_by_jobs
    from resift.archive.source import add
    from resift.errors import ConfigError
    from resift.progress import bar

    if args.profile:
        if args.part != "1/1":
            raise ConfigError("--part and --profile: a profile's jobs are parts already", fix="leave out one")
        size = FILES_PER_JOB if args.files_per_job is None else args.files_per_job
        if size < 1:
            raise ConfigError(f"{size} is no number of files", where="--files-per-job", fix="give 1 or more")
        count = add_by_jobs(args.folder, cache=args.cache, profile=args.profile, cores=args.cores, size=size)
        print(f"{args.folder}: {count:,} files, all indexed")
        return 0
    with bar("indexing", "files") as advance:
        new = add(
            args.folder,
            cache=args.cache,
            part=_part(args.part),
            progress=lambda _, done, of: advance(done, of),
        )
    print(f"{args.folder}: {new:,} files indexed")
    return 0


def _part(text: str) -> tuple[int, int]:
    from resift.errors import ConfigError

    n, _, of = text.partition("/")
    if n.isascii() and of.isascii() and n.isdigit() and of.isdigit() and 1 <= int(n) <= int(of):
        return int(n), int(of)
    raise ConfigError(f"{text!r} is no part", where="--part", fix="write N/M, as 1/24, 2/24 ... 24/24")


def _status(args: argparse.Namespace) -> int:
    from resift.archive.source import Archive, file_states
    from resift.errors import printable

    states = file_states(args.folder, cache=args.cache)
    waiting = [state.source.name for state in states if state.index is None]
    stored, size = (sum(sizes) for sizes in zip(*map(_sizes, states), strict=True))
    print(f"{args.folder}: {len(states):,} files, {len(states) - len(waiting):,} indexed")
    print(f"on disk: {_megabytes(stored)} of XML, {_megabytes(size)} of indexes in {args.cache}")
    if waiting:
        print(printable(f"not indexed: {', '.join(waiting[:5])}{' ...' if len(waiting) > 5 else ''}"))
        print(f"index them: resift archive add {args.folder}")
        return 0
    archive = Archive.open(args.folder, cache=args.cache)
    held = sum(file.records for file in archive.files)
    stand, deleted = len(archive.pmids), len(archive.deleted)
    print(f"{stand:,} records stand of {held:,} in the files; {deleted:,} PMIDs deleted")
    print(f"identity: {archive.identity}")
    return 0


def _sizes(state: FileState) -> tuple[int, int]:
    return state.source.stat().st_size, state.index_bytes


def _megabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def _verify(args: argparse.Namespace) -> int:
    from resift.archive.index import DamagedIndexError, FileIndex
    from resift.archive.source import file_states
    from resift.errors import printable
    from resift.progress import bar

    states = file_states(args.folder, cache=args.cache)
    wrong = 0
    with bar("checking", "files") as advance:
        for n, state in enumerate(states, 1):
            what = ""
            try:
                if state.index is None:
                    what = "not indexed, or its index is cut short"
                else:
                    FileIndex(state.index.folder).check()  # what it reads is not kept
            except DamagedIndexError as error:
                what = f"its index is damaged ({error})"
            if what:
                wrong += 1
                print(printable(f"{state.source}: {what}"))
            advance(n, len(states))
    if wrong:
        print(f"{args.folder}: {wrong:,} of {len(states):,} files; the next search builds their indexes anew")
        return 1
    print(f"{args.folder}: {len(states):,} files: all as they were written")
    return 0


def _mirror(args: argparse.Namespace) -> int:
    from resift.archive.mirror import NLM, Part, is_here, mirror, plan
    from resift.errors import ConfigError, printable
    from resift.progress import bar

    if args.files is not None and args.files < 1:
        raise ConfigError(f"{args.files} is no number of files", where="--files", fix="give 1 or more")
    url = (args.url or NLM).rstrip("/") + "/"
    if args.dry_run:
        entries = plan(args.folder, url=url)
    else:
        with bar("mirroring", "files") as advance:
            entries = mirror(args.folder, url=url, most=args.files, progress=advance)
    here = [entry for entry in entries if is_here(args.folder, entry)]
    size = sum(entry.bytes for entry in here)
    for part in Part:
        names = [entry.name for entry in entries if entry.part is part]
        if names:
            print(f"{part}: {len(names):,} files, {names[0]} to {names[-1]}")
    print(f"{args.folder}: {len(here):,} of {len(entries):,} files here, {_megabytes(size)}, MD5 checked")
    if missing := [entry.name for entry in entries if entry not in here]:
        print(printable(f"missing: {', '.join(missing[:5])}{' ...' if len(missing) > 5 else ''}"))
    print(f"then: resift archive add {args.folder}")
    return 0
