"""The edge between Snakemake and the library: logging, and errors as one line."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from resift.errors import ResiftError


@contextmanager
def step(snakemake: Any) -> Iterator[logging.Logger]:
    """Run one step: log to the rule's log file, end a `ResiftError` as one line on standard error.

    An unexpected exception goes whole into the log file, and one line says where it is.
    """
    log = Path(snakemake.log[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=log,
        filemode="w",
        level=logging.INFO,
        format="%(levelname)s %(name)s: %(message)s",
        force=True,
    )
    logger = logging.getLogger(f"resift.{snakemake.rule}")
    try:
        yield logger
    except ResiftError as error:
        logger.error("%s", error)
        sys.exit(f"resift: {error}")
    except KeyboardInterrupt:
        sys.exit(f"resift: {snakemake.rule}: interrupted; run the same command again to continue")
    except Exception as error:
        logger.error("%s", traceback.format_exc())
        sys.exit(
            f"resift: {snakemake.rule} failed unexpectedly: {type(error).__name__}: "
            f"{' '.join(str(error).split())[:200]}; the whole story is in {log}"
        )
