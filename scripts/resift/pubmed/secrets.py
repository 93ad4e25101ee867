"""What must not be printed or kept of what a server says: API key, login, addresses, control characters."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from base64 import b64encode
from html import escape
from urllib.parse import urlencode

from resift.errors import SourceError

KEY_VARIABLE = "NCBI_API_KEY"
# "user:password" for an E-utilities server of one's own that asks for it.
LOGIN_VARIABLE = "RESIFT_EUTILS_LOGIN"
# NCBI's keys have 36 characters. What is shorter than this may stand in a record as a word.
SHORTEST_SECRET = 8
SECRET = re.compile(r"(api[-_ ]?key[\"']?\s*[=:]\s*[\"']?)[^\"'&\s,<>}]+", re.IGNORECASE)
ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b")


def safe_line(text: str) -> str:
    """One line that is safe on a terminal and in a log: no control, escape or direction characters."""
    line = " ".join(text.split())
    return "".join("�" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in line)


def redact(text: str) -> str:
    """One safe line without API keys and addresses, which several NCBI errors repeat to the caller."""
    return ADDRESS.sub("***", SECRET.sub(r"\1***", safe_line(text)))


class Secrets:
    """The API key and the login ("user:password") that go with requests; "" for none."""

    def __init__(self, key: str = "", login: str = "") -> None:
        self.key = key
        self.login = login
        # A password alone may be a word of a record: it is struck out wherever a server or a library speaks
        # of itself, and from a record only together with its user.
        encoded = b64encode(login.encode()).decode() if login else ""
        self._telling = [s for s in (key, login, encoded) if s]
        self._all = [*self._telling, *filter(None, [login.partition(":")[2]])]

    @classmethod
    def of_asker(cls, key: str | None, host: str, *, private: bool, personal: bool) -> Secrets:
        """Those of the environment; `key` stands in for its variable ("" for none).

        `personal=False`: none, so that the server is not told who is asking. Raises `SourceError` for one
        that would travel unencrypted where the way to `host` is not `private`, and for a key too short to be
        one.
        """
        if not personal:
            key = ""
        key = (os.environ.get(KEY_VARIABLE, "") if key is None else key).strip()
        login = os.environ.get(LOGIN_VARIABLE, "").strip() if personal else ""
        for name, secret in ((KEY_VARIABLE, key), (LOGIN_VARIABLE, login)):
            if secret and not private:
                what = "key" if name == KEY_VARIABLE else "password"
                raise SourceError(
                    f"the {what} in {name} would travel unencrypted to {host}",
                    where="eutils",
                    fix=f"use https, or unset {name}",
                )
        if 0 < len(key) < SHORTEST_SECRET:
            raise SourceError(
                f"holds {len(key)} characters, and a key of NCBI has 36",
                where=KEY_VARIABLE,
                fix=f"correct or unset {KEY_VARIABLE}",
            )
        return cls(key, login)

    def __repr__(self) -> str:
        return "Secrets()"

    def struck(self, data: bytes, *, record: bool = False) -> bytes:
        """Without the values of secrets, whatever holds them: servers repeat a key, not only in errors.
        `record`: the data may be records, in which a password may be a word."""
        for secret in self._telling if record else self._all:
            written = {secret, urlencode({"": secret})[1:], escape(secret), json.dumps(secret)[1:-1]}
            for form in {text.encode() for text in written} | {secret.encode("utf-16-le")}:
                data = re.sub(re.escape(form), b"***", data, flags=re.IGNORECASE)
        return data

    def struck_from(self, text: str) -> str:
        """The same for a text."""
        return self.struck(text.encode("utf-8", "replace")).decode("utf-8", "replace")
