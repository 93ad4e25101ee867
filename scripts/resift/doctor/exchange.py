"""Questions and answers of one visit: asked of a server, written to a file, and asked again of that file."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resift.errors import FormatError, SourceError
from resift.pubmed.source import Answer, Endpoint, Request, Transport

FORMAT = "resift doctor 1"
# Bytes of a body that are kept as text; longer ones are packed, so that a file can be sent by mail.
READABLE = 20_000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer, or with one line that says why there was none.

    `seconds` is the time that it took, pauses between tries included; `headers` are those of the answer.
    """

    request: Request
    answer: Answer | None
    error: str = ""
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.answer.body if self.answer else b""


class Visit:
    """Asks and remembers. `headers` gives the headers of the answer that came last, where there are any."""

    def __init__(self, transport: Transport, headers: Callable[[], Mapping[str, str]] = dict) -> None:
        self._transport = transport
        self._headers = headers
        self.exchanges: list[Exchange] = []

    def ask(self, request: Request) -> Exchange:
        """The exchange; an answer that cannot be used is told in its `error`, never raised."""
        began = time.monotonic()
        answer, error = None, ""
        try:
            answer = self._transport.send(request)
        except SourceError as failed:
            error = str(failed)
        spent = time.monotonic() - began
        self.exchanges.append(Exchange(request, answer, error, spent, dict(self._headers())))
        return self.exchanges[-1]


class Recorded:
    """The exchanges of a saved visit, in place of a server."""

    def __init__(self, path: Path) -> None:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                raise ValueError
            self._held = {exchange.request.sha256: exchange for exchange in map(_read, data["exchanges"])}
            self.base_url: str = data["server"]
            self.keyless: bool = bool(data["keyless"])
            self.matcher = any(e.request.endpoint is Endpoint.CITMATCH for e in self._held.values())
        except OSError as error:
            raise FormatError(f"cannot be read ({error.strerror})", where=str(path)) from None
        except (ValueError, KeyError, TypeError, zlib.error):
            raise FormatError("is not a visit that `resift doctor --save` wrote", where=str(path)) from None

    def ask(self, request: Request) -> Exchange:
        """The recorded exchange; one that says so where the visit did not ask this."""
        return self._held.get(request.sha256) or Exchange(request, None, "the saved visit did not ask this")


def save(path: Path, exchanges: list[Exchange], *, server: str, keyless: bool = False) -> None:
    """Write a visit as JSON. Requests never hold the key, the address or the tool of the asker, and the
    transport has struck the key out of the answers. `keyless`: some were asked without the key as well."""
    visit = {
        "format": FORMAT,
        "server": server,
        "keyless": keyless,
        "exchanges": [_written(exchange) for exchange in exchanges],
    }
    path.write_text(json.dumps(visit, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _written(exchange: Exchange) -> dict[str, Any]:
    row: dict[str, Any] = {
        "endpoint": exchange.request.endpoint.value,
        "parameters": [list(pair) for pair in exchange.request.params],
        "seconds": round(exchange.seconds, 3),
        "headers": dict(exchange.headers),
    }
    if exchange.answer is None:
        return row | {"error": exchange.error}
    row |= {"http": exchange.answer.http, "utc": exchange.answer.utc}
    try:
        text = exchange.body.decode("utf-8") if len(exchange.body) <= READABLE else None
    except UnicodeDecodeError:
        text = None
    if text is not None:
        return row | {"body": text}
    return row | {"packed": base64.b64encode(zlib.compress(exchange.body, 9)).decode("ascii")}


def _read(row: Mapping[str, Any]) -> Exchange:
    request = Request(Endpoint(row["endpoint"]), tuple((name, value) for name, value in row["parameters"]))
    if "error" in row:
        return Exchange(request, None, row["error"], row["seconds"], row["headers"])
    body = row["body"].encode() if "body" in row else zlib.decompress(base64.b64decode(row["packed"]))
    return Exchange(request, Answer(body, row["http"], row["utc"]), "", row["seconds"], row["headers"])
