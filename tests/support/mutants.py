"""Which changes of one module no test notices: `python tests/support/mutants.py MODULE TEST… [--sample N]`.

    pip install --target .cache/mutants cosmic-ray
    python tests/support/mutants.py resift.prisma.flow tests/prisma/test_flow.py --sample 120

cosmic-ray says where a module can be changed and how (comparisons, numbers, `and` for `or`, …), also within
lambdas; of the kinds of operator that fit one place, one is drawn. Each change is tested in a fork of a
process that has the libraries loaded, since starting Python and importing them takes longer than most tests.
Changes within annotations, which are never evaluated, and in what a dataclass is told are left out. Prints
what survived, by line.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
INSTALLED = PROJECT / ".cache" / "mutants"
HEAVY = ("jsonschema_rs", "lxml.etree", "msgspec", "pandas", "pyarrow.parquet", "rapidfuzz.fuzz")
OPTIONS = ("-o", "addopts=", "-x", "-q", "-n0", "-p", "no:cacheprovider")
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `occurrence`-th place of an operator in the module; `line` is where it stands."""

    operator: str
    occurrence: int
    line: int


class Changed(SourceLoader, MetaPathFinder):
    """Gives a module with another source in place of its own."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_filename(self, fullname: str) -> str:
        return str(self.path)

    def get_data(self, path: str) -> bytes:
        return self.source.encode() if path == str(self.path) else b""


def mutants(source: str) -> Iterator[Mutant]:
    """Every change, one of each family of operators at each place."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    tree, left_out = get_ast(source), annotations(source)
    places: dict[tuple[str, Any], list[Mutant]] = {}
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if kind.arguments():
            continue
        found = (place for node in ast_nodes(tree) for place in kind().mutation_positions(node))
        for n, (start, end) in enumerate(found):
            if not any(first <= start and end <= last for first, last in left_out):
                family = name.partition("_")[0]
                places.setdefault((family, (start, end)), []).append(Mutant(name, n, start[0]))
    chance = random.Random(0)
    for key in sorted(places):
        yield chance.choice(places[key])


def annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where annotations stand, and what dataclasses are told (`slots=True`)."""
    found: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            found.append(node.returns)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            found.append(node.annotation)
        elif isinstance(node, ast.ClassDef):
            found += node.decorator_list
    return [
        ((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)) for one in found if one
    ]


def survives(name: str, path: Path, source: str, tests: Sequence[str]) -> bool:
    """Whether the tests pass with this source."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.path[0] = str(PROJECT)  # as `python -m pytest` has it
        sys.path.remove(str(INSTALLED))  # what lies there besides brings plugins of pytest
        sys.meta_path.insert(0, Changed(name, path, source))
        import pytest

        os._exit(pytest.main([*OPTIONS, *tests]))
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("module")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--sample", type=int, help="so many changes, drawn at random (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, nargs="*", help="only changes of these lines")
    args = parser.parse_args()
    sys.path.append(str(INSTALLED))
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    path = PROJECT / "scripts" / (args.module.replace(".", "/") + ".py")
    source = path.read_text(encoding="utf-8")
    for library in HEAVY:
        importlib.import_module(library)
    if not survives(args.module, path, source, args.tests):
        sys.exit("the tests fail without any change")
    everything = list(mutants(source))
    chosen = [one for one in everything if not args.lines or one.line in args.lines]
    if args.sample and args.sample < len(chosen):
        chosen = sorted(random.Random(args.seed).sample(chosen, args.sample), key=lambda one: one.line)
    came: Counter[bool] = Counter()
    for one in chosen:
        changed = mutate_code(source, get_operator(one.operator)(), one.occurrence)
        if changed is None:
            continue
        lives = survives(args.module, path, changed, args.tests)
        came[lives] += 1
        if lives:
            pairs = zip(source.splitlines(), changed.splitlines(), strict=False)
            line = next((new for old, new in pairs if old != new), "").strip()
            print(f"{one.line}: {one.operator.removeprefix('core/')}\n    {line}", flush=True)
    print(
        f"{args.module}: {came.total()} of {len(everything)} changes, {came[False]} noticed, {came[True]} not"
    )


if __name__ == "__main__":
    main()
