"""Keys, passwords and addresses are struck out, in whatever writing a server repeats them."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape
from urllib.parse import quote_plus

import pytest

from resift.errors import SourceError
from resift.pubmed.secrets import KEY_VARIABLE, LOGIN_VARIABLE, Secrets, redact, safe_line

KEY = '0123456789abcdef&"/-abcdef'
LOGIN = "reader:open sesame"


def test_keys_and_addresses_are_struck_out() -> None:
    shown = redact('{"error":"API key invalid","api-key":"abc123"} from 10.1.2.3 api_key=abc123&db=pubmed')
    assert "abc123" not in shown
    assert "10.1.2.3" not in shown


@pytest.mark.parametrize(
    "written",
    [
        KEY.encode(),
        KEY.upper().encode(),
        quote_plus(KEY).encode(),
        escape(KEY).encode(),
        json.dumps(KEY).encode(),
        KEY.encode("utf-16-le"),
    ],
    ids=["plain", "capitals", "in a form", "in a page", "in JSON", "UTF-16"],
)
@pytest.mark.parametrize("record", [False, True])
def test_a_key_is_struck_out_however_it_is_written(written: bytes, record: bool) -> None:
    struck = Secrets(KEY).struck(b"<a>" + written + b"</a>", record=record)
    assert written.lower() not in struck.lower() and b"***" in struck
    assert struck.startswith(b"<a>") and struck.endswith(b"</a>")


def test_a_password_is_a_word_in_a_record_and_a_secret_everywhere_else() -> None:
    secrets = Secrets(login=LOGIN)
    title = b"<ArticleTitle>Open sesame</ArticleTitle>"
    assert secrets.struck(title, record=True) == title
    assert b"sesame" not in secrets.struck(title)
    for together in (LOGIN, b64encode(LOGIN.encode()).decode()):
        assert together.encode() not in secrets.struck(together.encode(), record=True)
    assert secrets.struck_from(f"wrong password {LOGIN}") == "wrong password ***"


def test_what_would_travel_unencrypted_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable, value in ((KEY_VARIABLE, "k" * 36), (LOGIN_VARIABLE, LOGIN)):
        monkeypatch.delenv(KEY_VARIABLE, raising=False)
        monkeypatch.delenv(LOGIN_VARIABLE, raising=False)
        monkeypatch.setenv(variable, value)
        with pytest.raises(
            SourceError, match=f"in {variable} would travel unencrypted to a.example"
        ) as caught:
            Secrets.of_asker(None, "a.example", private=False, personal=True)
        assert value not in str(caught.value)
        assert Secrets.of_asker(None, "a.example", private=True, personal=True).struck_from(value) == "***"
        nobody = Secrets.of_asker(None, "a.example", private=False, personal=False)
        assert (nobody.key, nobody.login) == ("", "")


def test_a_key_that_is_none_is_refused_without_being_told() -> None:
    with pytest.raises(SourceError, match="holds 6 characters, and a key of NCBI has 36") as caught:
        Secrets.of_asker(" sesame ", "a.example", private=True, personal=True)
    assert "sesame" not in str(caught.value)


def test_secrets_are_not_shown_by_mistake() -> None:
    assert KEY not in repr(Secrets(KEY, LOGIN)) and "sesame" not in repr(Secrets(KEY, LOGIN))


def test_no_control_or_direction_character_reaches_a_terminal() -> None:
    assert safe_line("a\x1b[31m\u202eb\n c") == "a\ufffd[31m\ufffdb c"
