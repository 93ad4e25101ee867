"""einfo: the one database, its build, and the fields that its queries may name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from resift.frozen.bodies import Reply, document, json_reply
from resift.pubmed.source import Endpoint
from resift.query.fields import FIELDS, Field, Kind


def databases(*, json_mode: bool) -> Reply:
    if json_mode:
        return json_reply(Endpoint.EINFO, {"einforesult": {"dblist": ["pubmed"]}})
    return document(Endpoint.EINFO, "\n<DbList>\n\n\t<DbName>pubmed</DbName>\n</DbList>\n\n")


def database(
    build: str, count: int, updated: dt.date, link_names: Mapping[str, str], *, json_mode: bool
) -> Reply:
    """The field list is what resift's query engine reads, under the names that einfo gives them."""
    info = {
        "DbName": "pubmed",
        "MenuName": "PubMed",
        "Description": "PubMed bibliographic record",
        "DbBuild": build,
        "Count": str(count),
        "LastUpdate": f"{updated:%Y/%m/%d} 00:00",
    }
    fields = [_members(field) for field in FIELDS]
    links = [
        {"Name": name, "Menu": name, "Description": name, "DbTo": target}
        for name, target in link_names.items()
    ]
    if json_mode:
        shown: dict[str, Any] = {name.lower(): value for name, value in info.items()}
        shown["fieldlist"] = [{key.lower(): text for key, text in field.items()} for field in fields]
        shown["linklist"] = [{key.lower(): text for key, text in link.items()} for link in links]
        return json_reply(Endpoint.EINFO, {"einforesult": {"dbinfo": [shown]}})
    head = "".join(f"\t\t{_tagged(name, value)}\n" for name, value in info.items())
    return document(
        Endpoint.EINFO,
        f"\n\t<DbInfo>\n{head}{_listed('FieldList', 'Field', fields)}"
        f"{_listed('LinkList', 'Link', links)}\t</DbInfo>\n\n",
    )


def _members(field: Field) -> dict[str, str]:
    """The short name is the first of the field's other names when it has four letters, as einfo's have."""
    short = next((name for name in field.names[2:] if len(name) == 4 and name.isalpha()), field.tag)
    name = {"pmid": "uid", "all": "all", "tiab": "tiab"}.get(field.tag, short)
    return {
        "Name": name.upper(),
        "FullName": field.label,
        "Description": field.label,
        "TermCount": "",
        "IsDate": "Y" if field.kind is Kind.DATE else "N",
        "IsNumerical": "Y" if field.kind is Kind.NUMBER else "N",
        "SingleToken": "N" if field.kind is Kind.TEXT else "Y",
        "Hierarchy": "Y" if field.kind is Kind.MESH else "N",
        "IsHidden": "N",
    }


def _listed(outer: str, inner: str, rows: list[dict[str, str]]) -> str:
    parts = []
    for row in rows:
        members = "".join(f"\t\t\t\t{_tagged(name, text)}\n" for name, text in row.items())
        parts.append(f"\t\t\t<{inner}>\n{members}\t\t\t</{inner}>\n")
    return f"\t\t<{outer}>\n{''.join(parts)}\t\t</{outer}>\n"


def _tagged(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name}/>"
