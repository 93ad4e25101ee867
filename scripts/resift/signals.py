"""Signals that end a command say so in one line, as Ctrl-C does."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from types import FrameType
from typing import NoReturn


class Ended(KeyboardInterrupt):
    """SIGTERM or SIGHUP came. `code` is what a shell expects of a command that it ended."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.name = signal.Signals(number).name
        self.code = 128 + number


def end_in_words() -> None:
    """From now on SIGTERM and SIGHUP raise `Ended`. What `nohup` or a parent ignores stays ignored."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not the main thread
                signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(number)


def leave_to_caller() -> None:
    """In a forked worker: what ends a command is left to its caller, and when that ends, so does this."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by which the caller ends it
    threading.Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    from multiprocessing import parent_process

    if caller := parent_process():
        caller.join()
        os._exit(1)
