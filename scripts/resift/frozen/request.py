"""The parameters of a request as the services read them, and the ERROR that a bad one gets."""

from __future__ import annotations

import re
from collections.abc import Iterable

NO_IDS = "ID list is empty! Possibly it has no correct IDs."


class RefusalError(Exception):
    """An ERROR to send instead of an answer."""

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Parameters:
    """The parameters of one request, as the services read them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self._pairs if key == name), default).strip()

    def every(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]

    def number(self, name: str, default: int) -> int:
        text = self.get(name)
        return int(text) if re.fullmatch(r"\d{1,12}", text) else default

    @property
    def json(self) -> bool:
        return self.get("retmode").lower() == "json"

    @property
    def id_lists(self) -> list[list[str]]:
        """One list for each `id` parameter: numbers without leading zeros, each once."""
        return [numbers(value) for value in self.every("id")]

    @property
    def ids(self) -> list[str]:
        return list(dict.fromkeys(pmid for ids in self.id_lists for pmid in ids))


def numbers(text: str) -> list[str]:
    found = (part for part in re.split(r"[,\s+]+", text) if re.fullmatch(r"\d{1,18}", part))
    return list(dict.fromkeys(str(int(part)) for part in found))
