"""Asking for many things in few requests: batches, smaller ones when they fail, and partial answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from resift.errors import SourceError
from resift.pubmed.source import (
    Answer,
    AnswerError,
    Cause,
    IncompleteError,
    Request,
    Transport,
    UnreachableError,
)
from resift.pubmed.tape import Tape

# The whole was tried long enough; its parts are asked to find out whether its size or one member is at fault.
AFTER_A_FAILURE = 3
# A service beside the main ones is not waited for as long: the run can end without it, and say so.
SIDE_SERVICE = 5

T = TypeVar("T")
V = TypeVar("V")
log = logging.getLogger(__name__)


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Parts of `size`, the last one shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def kept_or_partial(transport: Transport, request: Request) -> tuple[Answer, bool]:
    """The answer, and whether it may stand: False for one that leaves ids out, which is on no tape yet."""
    try:
        return transport.send(request), True
    except IncompleteError as error:
        return error.answer, False


def settle_partial(transport: Transport, request: Request, answer: Answer) -> None:
    """Keep an answer that leaves ids out, once the tape shows why."""
    if isinstance(transport, Tape):
        transport.keep(request, answer)


class SideService:
    """Questions to a service that may be down, in batches that shrink when they fail: 200, 100, ... 1.

    One question that fails alone is left without an answer. When not even a single one was answered on the
    way down, the service counts as down and is asked no more.
    """

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self.down = ""

    def ask(
        self, items: Sequence[T], question: Callable[[Sequence[T], int], Mapping[T, V]]
    ) -> Iterator[Mapping[T, V]]:
        """What `question(batch, tries)` gives for each batch; items without an answer are in none."""
        for batch in chunks(items, self.size):
            yield from self._ask(batch, question, SIDE_SERVICE)

    def _ask(
        self, batch: Sequence[T], question: Callable[[Sequence[T], int], Mapping[T, V]], tries: int
    ) -> Iterator[Mapping[T, V]]:
        if self.down:
            return
        answered = None
        parts: list[Sequence[T]] = []
        try:
            answered = question(batch, tries)
        except UnreachableError as error:
            self._give_up(error)
        except AnswerError as error:
            if error.cause is Cause.BAD_KEY:
                raise
            if len(batch) == 1:
                log.warning("%s gives no usable answer about %s: %s", self.name, batch[0], error)
                if not self._answers:
                    self._give_up(error)
                return
            log.warning("%s: %d questions in smaller parts: %s", self.name, len(batch), error)
            parts = _parts(batch, error)
        if answered is not None:
            self._answers += 1
            yield answered
        for part in parts:
            yield from self._ask(part, question, AFTER_A_FAILURE)

    _answers = 0

    def _give_up(self, error: SourceError) -> None:
        self.down = str(error)
        log.warning("%s is not available: %s", self.name, error)


def _parts(batch: Sequence[T], error: AnswerError) -> list[Sequence[T]]:
    """What came without the rest, and the rest, where the server answered for some; else two halves."""
    if isinstance(error, IncompleteError):
        missing = [item for item in batch if str(item) in error.missing]
        given = [item for item in batch if str(item) not in error.missing]
        if missing and given:
            return [given, missing]
    middle = len(batch) // 2
    return [batch[:middle], batch[middle:]]
