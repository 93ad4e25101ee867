"""A parsed query printed as PubMed prints a QueryTranslation, and what PubMed drops before it reads one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from resift.query.dates import read_date
from resift.query.fields import Kind, UnknownTagError, read_tag
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, Range, leaves
from resift.query.stopwords import STOPWORDS
from resift.query.text import normalise

if TYPE_CHECKING:
    from resift.archive.search import Found
    from resift.query.mesh import MeshTree

_TAG = re.compile(r'"[^"]*"|\[([^\[\]"]*)\]')


def without_unknown_tags(term: str) -> str:
    """The query without tags that PubMed does not know: it drops them and says nothing."""

    def kept(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        try:
            read_tag(match[1])
        except UnknownTagError:
            return ""
        return match[0]

    return _TAG.sub(kept, term)


def stop_words(root: Node) -> list[str]:
    """Terms that are nothing but a stop word with a tag: one of them makes the whole search zero."""
    return [
        leaf.text
        for leaf in leaves(root)
        if isinstance(leaf, Leaf)
        and leaf.tagged
        and leaf.field.kind is Kind.TEXT
        and leaf.text.lower() in STOPWORDS
    ]


def unheard(found: Found, known: Callable[[str], bool]) -> list[str]:
    """Untagged words that no record holds: PubMed names each in ErrorList/PhraseNotFound, also beside hits
    (recorded 2024-09-05). Quoted phrases are not named: the archive is no judge of PubMed's phrase index.
    `known` says whether any record holds a word."""
    named: list[str] = []
    for clause, numbered in zip(found.clauses, found.nodes, strict=True):
        leaf = numbered.node
        if isinstance(leaf, Leaf) and not (leaf.tagged or leaf.quoted or "*" in leaf.text or clause.yes):
            words = normalise(leaf.text).split()
            named += [word for word in words if len(words) == 1 or not known(word)]
    return list(dict.fromkeys(named))


def mappings(root: Node, mesh: MeshTree | None) -> tuple[tuple[str, str], ...]:
    """The TranslationSet: what each untagged term that names a heading was searched as, `(from, to)`."""
    found = {}
    for leaf in leaves(root):
        if isinstance(leaf, Leaf) and not leaf.tagged and not leaf.quoted and mesh is not None:
            heading = mesh.heading(leaf.text)
            if heading:
                words = " AND ".join(f'"{word}"[All Fields]' for word in normalise(leaf.text).split())
                both = f'"{leaf.text.lower()}"[MeSH Terms] OR '
                found[leaf.text] = both + (f"({words})" if " AND " in words else words)
    return tuple(found.items())


def translated(root: Node) -> str:
    """`"liver"[Title/Abstract] AND (1995/01/01:2012/12/31[Date - Publication] OR ...)`."""
    pieces: list[str] = []
    waiting: list[Node | str] = [root]
    while waiting:  # without recursion: pasted strategies are deep
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif isinstance(item, And | Or | Not):
            inside: list[Node | str] = []
            for n, child in enumerate(item.children):
                if n:
                    inside.append(f" {item.operator.value} ")
                inside.extend(("(", child, ")") if isinstance(child, And | Or | Not) else (child,))
            waiting.extend(reversed(inside))
        else:
            pieces.append(_term(item))
    return "".join(pieces)


def _term(leaf: Leaf | Range | Proximity | LineRef) -> str:
    if isinstance(leaf, LineRef):
        return f"#{leaf.line}"
    if isinstance(leaf, Proximity):
        return f'"{leaf.text}"[{leaf.field.label}:~{leaf.distance}]'
    if isinstance(leaf, Range):
        if leaf.field.kind is not Kind.DATE:
            return f"{leaf.low}:{leaf.high}[{leaf.field.label}]"
        return f"{_day(leaf.low, last=False)}:{_day(leaf.high, last=True)}[{leaf.field.label}]"
    if leaf.field.kind is Kind.DATE and (days := _days(leaf.text)):
        return f"{days}[{leaf.field.label}]"
    return f'"{leaf.text}"[{leaf.field.label}{"" if leaf.explode else ":noexp"}]'


def _days(text: str) -> str:
    """`1804` as `1804/01/01:1804/12/31`; a single day as itself; "" for `last 5 years`."""
    try:
        span = read_date(text)
    except ValueError:
        return ""
    first, last = _day(text, last=False), _day(text, last=True)
    return first if span.first == span.last else f"{first}:{last}"


def _day(text: str, *, last: bool) -> str:
    try:
        span = read_date(text)
    except ValueError:
        return text
    return (span.last if last else span.first).replace("-", "/")
