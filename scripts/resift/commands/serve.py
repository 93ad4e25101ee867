"""`resift serve`: a frozen PubMed. E-utilities over a folder of PubMed XML, on this machine only."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "answer E-utilities requests from a folder of PubMed XML on 127.0.0.1 (EDirect, Biopython, rentrez)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift serve`."""
    parser.add_argument("archive", type=Path, metavar="ARCHIVE", help="folder of *.xml and *.xml.gz")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="0 (the default) takes a free one")
    parser.add_argument("--mesh", type=Path, metavar="FILE", help="mtreesYYYY.bin or descYYYY.xml")
    parser.add_argument("--cache", type=Path, default=Path(".cache/archive"), metavar="DIR")
    parser.add_argument("--log", type=Path, metavar="FILE", help="add one JSON line a request")
    testing = parser.add_argument_group("testing clients", "answer some requests with a failure")
    testing.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND",
        help="429, 500, 502, slow, cut, broken, empty, prolog, error, lost-webenv, missing; may be repeated",
    )
    testing.add_argument(
        "--fault-rate", type=float, default=0.2, metavar="SHARE", help="default: %(default)s"
    )
    testing.add_argument("--fault-seed", type=int, default=0, metavar="N")
    testing.add_argument("--slow-seconds", type=float, default=1.0, metavar="S")


def run(args: argparse.Namespace) -> int:
    """Print the base URL, then serve until interrupted."""
    from resift.errors import ConfigError, nearest
    from resift.frozen.faults import FaultKind, FaultSwitch
    from resift.frozen.pubmed import open_frozen
    from resift.frozen.serve import RequestLog, create_app, serve
    from resift.progress import bar

    known = [kind.value for kind in FaultKind]
    for name in args.fault:
        if name not in known:
            near = nearest(name, known)
            fix = f"did you mean {near}?" if near else f"it is one of {', '.join(known)}"
            raise ConfigError(f"unknown failure {name!r}", where="--fault", fix=fix)
    faults = None
    if args.fault:
        kinds = tuple(FaultKind(name) for name in args.fault)
        faults = FaultSwitch(kinds, args.fault_rate, args.fault_seed, slow_seconds=args.slow_seconds)
    with bar("indexing", "files") as advance:
        frozen = open_frozen(
            args.archive, mesh=args.mesh, cache=args.cache, progress=lambda _, done, of: advance(done, of)
        )
    frozen.load()
    log = RequestLog(args.log) if args.log else None
    serve(create_app(frozen, faults=faults, log=log), args.port, lambda url: print(url, flush=True))
    return 0
