"""A deliberately naive evaluator: one record, one query, no tables, no normalised text, no masks.

Written apart from the engine, from PubMed's help alone, to be compared with it. It shares only the parsed
tree with it. Answers are True, False or None (cannot be told).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from resift.query.mesh import MeshTree, qualifier_family
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, Range
from resift.query.stopwords import STOPWORDS
from resift.records import Record

NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega"""
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", NAMES.split(), strict=True)) | {"ς": "sigma"}
ODD = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
LANGUAGES = {"english": "eng", "french": "fre", "german": "ger", "japanese": "jpn"}


def tokens(text: str) -> list[str]:
    """The words of a text."""
    return list(_tokens(text))


@lru_cache(maxsize=20000)
def _tokens(text: str) -> tuple[str, ...]:
    """Words in lower case, without accents, Greek letters spelled out; anything else separates."""
    out = ""
    for char in text.casefold():
        for part in unicodedata.normalize("NFKD", char).casefold():
            part = GREEK.get(part, ODD.get(part, part))
            if unicodedata.category(part[0])[0] == "M":
                continue
            out += part if part.isalnum() else " "
    return tuple(out.split())


def word_matches(wanted: str, word: str) -> bool:
    if "*" not in wanted:
        return wanted == word
    return re.fullmatch(".*".join(re.escape(piece) for piece in wanted.split("*")), word) is not None


def term_words(text: str) -> list[str]:
    words = [w.replace("asteriskasterisk", "*") for w in tokens(re.sub(r"\*+", "asteriskasterisk", text))]
    words = [w for w in words if w != "*"]
    before_star = "".join(words).partition("*")
    if before_star[1] and len(before_star[0]) < 4:
        words = " ".join(w.replace("*", " ") for w in words).split()
    return words


def phrase_in(words: list[str], text: str) -> bool:
    found = tokens(text)
    return any(
        all(word_matches(w, found[i + k]) for k, w in enumerate(words))
        for i in range(len(found) - len(words) + 1)
    )


def near_in(words: list[str], distance: int, text: str) -> bool:
    """Whether some window of len(words) + distance words holds every word as often as asked."""
    found = tokens(text)
    size = len(words) + distance
    for start in range(max(1, len(found) - size + 1)):
        window = found[start : start + size]
        if all(window.count(w) >= words.count(w) for w in set(words)):
            return True
    return False


def texts_of(record: Record, tag: str) -> list[str]:
    title = [record.title]
    tiab = [*title, record.abstract, record.other_abstract, *record.keywords]
    if tag == "ti":
        return title
    if tag == "tiab":
        return tiab
    if tag == "ot":
        return list(record.keywords)
    if tag == "tt":
        return [record.vernacular_title]
    if tag == "ad":
        return list(record.affiliations)
    if tag == "cn":
        return list(record.collective_authors)
    headings = [part.replace("&", " and ") for entry in record.mesh for part in entry.split("/", 1)]
    substances = [s.split("|")[0] for s in record.substances]
    word = [*tiab, *headings, *record.publication_types, *substances, *record.supplementary_concepts,
            *record.collective_authors, *record.registries]  # fmt: skip
    if tag == "tw":
        return word
    numbers = [s.partition("|")[2] for s in record.substances]
    return [
        *(*word, *record.affiliations, *record.authors, *record.grants, *numbers),
        *(record.journal, record.journal_abbreviation, record.issn, record.doi, record.pmcid),
        *(record.volume, record.issue, record.pages, record.pages.split("-")[0]),
    ]


def whole(record: Record) -> bool:
    return bool(record.publication_types and record.languages)


def heading(text: str) -> str:
    return " ".join(tokens(text.replace("&", " and ")))


def mesh_answer(leaf: Leaf, record: Record, mesh: MeshTree | None) -> bool | None:
    entries = []
    for entry in record.mesh:
        descriptor, _, qualifier = entry.partition("/")
        entries.append((heading(descriptor), heading(qualifier), "*" in entry))
    lost_stars = bool(entries) and not whole(record) and not any(star for *_, star in entries)
    if leaf.field.tag == "sh":
        wanted = qualifier_family(heading(leaf.text), explode=leaf.explode)
        if any(qualifier in wanted for _, qualifier, _ in entries):
            return True
        return None if lost_stars or (not entries and not whole(record)) else False
    name, qualifiers = leaf.text, None
    if "/" in leaf.text:
        name, _, qualifier = leaf.text.rpartition("/")
        qualifiers = qualifier_family(heading(qualifier), explode=leaf.explode)
    names = {heading(name)}
    if mesh is not None and leaf.explode:
        names |= mesh.explode(heading(name))
    carrying = [entry for entry in entries if entry[0] in names]
    for _, qualifier, star in carrying:
        if (qualifiers is None or qualifier in qualifiers) and (star or leaf.field.tag != "majr"):
            return True
    if not entries and not whole(record):
        return None
    if carrying and lost_stars and (qualifiers is not None or leaf.field.tag == "majr"):
        return None
    return False


def day(text: str) -> str:
    return (text + "-01-01")[:10] if len(text) in (4, 7) else text[:10]


def bounds(text: str) -> tuple[str, str]:
    parts = text.split("/")
    low = "-".join([parts[0], *(p.zfill(2) for p in parts[1:])])
    return (low + "-01-01")[:10], (low + "-12-31")[:10] if len(parts) == 1 else (low + "-31")[:10]


def date_answer(leaf: Leaf | Range, record: Record) -> bool | None:
    printed = record.print_date or ("" if record.electronic_date else str(record.year or ""))
    dates = {
        "dp": [printed, record.electronic_date],
        "edat": [record.entrez_date],
        "crdt": [record.entered],
        "mhda": [record.mesh_date],
        "lr": [record.revised],
    }[leaf.field.tag]
    days = [day(d) for d in dates if d]
    if not days:
        return None
    if isinstance(leaf, Range):
        low, high = bounds(leaf.low)[0], bounds(leaf.high)[1]
    else:
        low, high = bounds(leaf.text)
        if leaf.field.tag == "dp" and printed and record.electronic_date:
            days = [d for d in days if d <= day(printed)]
    return any(low <= d <= high for d in days)


def leaf_answer(leaf: Leaf | Range | Proximity, record: Record, mesh: MeshTree | None) -> bool | None:
    tag = leaf.field.tag
    if isinstance(leaf, Range | Leaf) and tag in ("dp", "edat", "crdt", "mhda", "lr"):
        return date_answer(leaf, record)
    if isinstance(leaf, Range):
        return bool(record.pmid) and int(leaf.low) <= int(record.pmid) <= int(leaf.high)
    if isinstance(leaf, Proximity):
        if any(near_in(tokens(leaf.text), leaf.distance, text) for text in texts_of(record, tag)):
            return True
        return text_missing(record, tag)
    if tag in ("mh", "majr", "sh"):
        return mesh_answer(leaf, record, mesh)
    if tag == "pt":
        names = {heading(leaf.text)} | (mesh.explode(heading(leaf.text)) if mesh and leaf.explode else set())
        return any(heading(t) in names for t in record.publication_types) or (
            None if not record.publication_types else False
        )
    if tag == "la":
        code = LANGUAGES.get(leaf.text.lower(), leaf.text.lower())
        return code in record.languages or (None if not record.languages else False)
    if tag == "ta":
        known = [" ".join(tokens(t)) for t in (record.journal, record.journal_abbreviation, record.issn) if t]
        return " ".join(tokens(leaf.text)) in known or (None if not known else False)
    if tag == "au":
        wanted = tokens(leaf.text)
        for author in record.authors:
            parts = tokens(author)
            if parts[: len(wanted)] == wanted:
                return True
        return None if not record.authors and not whole(record) else False
    if tag == "pmid":
        return bool(record.pmid) and int(record.pmid) == int(leaf.text)
    words = term_words(leaf.text)
    if all(w in STOPWORDS for w in words):
        return False
    if any(phrase_in(words, text) for text in texts_of(record, tag) if text):
        return True
    return text_missing(record, tag)


def text_missing(record: Record, tag: str) -> bool | None:
    if whole(record):
        return False
    if tag in ("ti", "tiab", "tw", "all"):
        empty = not record.title and (tag == "ti" or not (record.abstract or record.other_abstract))
        return None if empty else False
    return None if not any(texts_of(record, tag)) else False


def answer(node: Node, record: Record, mesh: MeshTree | None = None) -> bool | None:
    """Kleene's three values for one record."""
    if isinstance(node, LineRef):
        raise NotImplementedError
    if not isinstance(node, And | Or | Not):
        return leaf_answer(node, record, mesh)
    values = [answer(child, record, mesh) for child in node.children]
    if isinstance(node, Not):
        values = [values[0], *(None if v is None else not v for v in values[1:])]
    if isinstance(node, Or):
        return True if True in values else None if None in values else False
    return False if False in values else None if None in values else True
