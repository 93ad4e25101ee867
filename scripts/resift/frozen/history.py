"""The history server: sets kept under a WebEnv and a query key, and terms that name them (`#1 AND liver`)."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from resift.query.nodes import And, LineRef, Node, Not, Or, leaves
from resift.query.syntax import parse

Pmids = npt.NDArray[np.int64]

#: PMIDs held over all WebEnvs, 8 bytes each; the longest unused WebEnv goes first, as NCBI's go after hours.
MOST_HELD = 50_000_000

_REFERENCE = re.compile(r'"[^"]*"|#\s?(\d{1,4})\b')


class LostHistoryError(LookupError):
    """No such WebEnv or query key. `key` is the one that was asked for."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class History:
    """Sets of PMIDs by WebEnv (`MCID_` and 24 hexadecimal digits) and query key (from 1)."""

    def __init__(self) -> None:
        self._held: dict[str, list[Pmids]] = {}  # the longest unused first
        self._given = 0
        self._lock = threading.Lock()  # requests are answered in threads

    def keep(self, pmids: Pmids | Sequence[str], web_env: str = "") -> tuple[int, str]:
        """Store a set under a new key of `web_env`, or of a new one; returns key and WebEnv."""
        with self._lock:
            if not web_env:
                web_env = "MCID_" + hashlib.sha256(str(self._given).encode()).hexdigest()[:24]
                self._given += 1
                self._held[web_env] = []
            held = self._used(web_env, "1")
            held.append(np.array(pmids, dtype=np.int64))
            self._forget()
            return len(held), web_env

    def _used(self, web_env: str, key: str) -> list[Pmids]:
        """The sets of a WebEnv, which becomes the one used last."""
        if web_env not in self._held:
            raise LostHistoryError(key)
        held = self._held[web_env] = self._held.pop(web_env)
        return held

    def _forget(self) -> None:
        total = sum(len(one) for held in self._held.values() for one in held)
        for web_env in list(self._held)[:-1]:
            if total <= MOST_HELD:
                return
            total -= sum(map(len, self._held.pop(web_env)))

    def stored(self, web_env: str, key: str) -> Pmids:
        with self._lock:
            held = self._used(web_env, key or "1")
        if not (key.isascii() and key.isdigit()) or not 1 <= int(key[:9]) <= len(held):
            raise LostHistoryError(key or "1")
        return held[int(key[:9]) - 1]


def named_keys(term: str) -> list[str]:
    """The query keys that a term names with `#`, outside quotation marks."""
    return list(dict.fromkeys(match[1] for match in _REFERENCE.finditer(term) if match[1]))


def parse_with_history(term: str) -> Node:
    """The tree of a term in which `#3` may stand for a stored set. Raises `QueryError`."""
    highest = max(map(int, named_keys(term)))
    lines = [f"#{n} placeholder[ti]" for n in range(1, highest + 1)]
    return parse("\n".join([*lines, f"#{highest + 1} {' '.join(term.split())}"])).root


def combined(root: Node, held: Callable[[str], Pmids], evaluated: Callable[[Node], Pmids]) -> Pmids:
    """The PMIDs that match, ascending: `held(key)` for each `#key` and `evaluated(node)` for the rest."""
    if isinstance(root, LineRef):
        return held(str(root.line))
    if not isinstance(root, And | Or | Not) or not any(isinstance(leaf, LineRef) for leaf in leaves(root)):
        return evaluated(root)
    found, *others = (combined(child, held, evaluated) for child in root.children)
    for other in others:
        if isinstance(root, And):
            found = np.intersect1d(found, other, assume_unique=True)
        elif isinstance(root, Or):
            found = np.union1d(found, other)
        else:
            found = np.setdiff1d(found, other, assume_unique=True)
    return found
