"""The edge between Snakemake and the library: logging, errors as one line, and what a step is given."""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from resift.errors import ResiftError, printable
from resift.files import refusal
from resift.project.run import RESULTS, Run
from resift.runs.ledger import check_inputs, record
from resift.signals import Ended, end_in_words
from resift.tables import CitedWork, Hit

if TYPE_CHECKING:
    from resift.pubmed.source import Source
    from resift.query.mesh import MeshTree

REPLAYED = ".replay"
"""Marks a run that is rebuilt from its tape: its source is not asked."""
# A step that fails leaves its one line beside its log, with this ending.
TOLD = ".error"


@contextmanager
def step(snakemake: Any) -> Iterator[logging.Logger]:
    """Run one step: check what it reads, put down what it wrote, log to the log file of its rule.

    A `ResiftError` ends it as one line on standard error; an unexpected exception goes whole into the log
    file, and one line says where it is.
    """
    log = Path(snakemake.log[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=log,
        filemode="w",
        level=logging.INFO,
        force=True,
    )
    for handler in logging.root.handlers:
        handler.setFormatter(_Printable("%(levelname)s %(name)s: %(message)s"))
    end_in_words()
    logger = logging.getLogger(f"resift.{snakemake.rule}")
    told = log.with_suffix(TOLD)
    told.unlink(missing_ok=True)

    def end(line: str) -> NoReturn:
        # Left for `resift run`, which says nothing more when a step has said what is wrong.
        with contextlib.suppress(OSError):  # a full disk: the line itself matters more
            told.write_text(line + "\n", encoding="utf-8")
        sys.exit(line)

    folder = RESULTS / Path(snakemake.output[0]).relative_to(RESULTS).parts[0]
    try:
        check_inputs(map(Path, snakemake.input), run=folder)
        yield logger
        record(folder, map(Path, snakemake.output))
    except ResiftError as error:
        logger.error("%s", error)
        end(f"resift: {error}")
    except OSError as error:
        logger.error("%s", traceback.format_exc())
        end(f"resift: {snakemake.rule}: {printable(refusal(error))}")
    except KeyboardInterrupt as error:
        how = f"ended by {error.name}" if isinstance(error, Ended) else "interrupted"
        end(f"resift: {snakemake.rule}: {how}; run the same command again to continue")
    except Exception as error:  # noqa: BLE001 - the last line of a step: told, never a traceback
        logger.error("%s", traceback.format_exc())
        end(
            f"resift: {snakemake.rule} failed unexpectedly: {type(error).__name__}: "
            f"{printable(' '.join(str(error).split())[:200])}; the whole story is in {log}"
        )


class _Printable(logging.Formatter):
    """Lines of a log hold words of servers and files."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


def source_of(run: Run, folder: Path) -> Source:
    """The run's source, with its answers kept on the tape in `raw/`."""
    from resift.identify.source import TAPE_ONLY, open_source

    config = run.config
    return open_source(
        TAPE_ONLY if (folder / REPLAYED).exists() else config["source"],
        raw=folder / "raw",
        archive=Path(config["archive"]) if config.get("archive") else None,
        mesh=Path(config["mesh"]) if config.get("mesh") else None,
        eutils=config.get("eutils"),
        citation_matcher=config.get("citation_matcher"),
        requests_per_second=config.get("requests_per_second"),
        email=config.get("email"),
        tool=config.get("tool"),
    )


def mesh_of(run: Run) -> MeshTree | None:
    """The MeSH tree that the run was given, if any."""
    if not run.config.get("mesh"):
        return None
    path = Path(run.config["mesh"])
    return _tree(path, path.stat().st_mtime_ns if path.is_file() else 0)


@functools.lru_cache(maxsize=1)
def _tree(path: Path, _changed: int) -> MeshTree:
    """Read once where many steps run in one process."""
    from resift.query.mesh import MeshTree

    return MeshTree.load(path)


def found_in_databases(hits: Iterable[Hit]) -> dict[str, tuple[str, ...]]:
    """Record ids of the databases lane with the strategies that found them."""
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # many records, few sets of strategies
    return {f"pubmed:{hit.pmid}": shared.setdefault(hit.strategies, hit.strategies) for hit in hits}


def found_by_references(works: Iterable[CitedWork]) -> dict[str, tuple[str, ...]]:
    """Record ids of the other lane with the seeds that cite them; hand-searched ones have none."""
    seeds: dict[str, dict[str, None]] = {}
    for work in works:
        if work.record:
            found = seeds.setdefault(work.record, {})
            if work.seed:
                found[work.seed] = None
    return {record: tuple(found) for record, found in seeds.items()}
