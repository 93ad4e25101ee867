"""RIS: read by rispy behind guards, written by hand.

rispy reads clean RIS well but is silent about the rest: a byte-order mark or another format gives no
records, untagged lines and repeated tags lose text. So every line is looked at before rispy sees it.
The grammar: a tag, two blanks, a hyphen, a blank (Cochrane writes two there, some writers one before the
hyphen, and each keeps to its way); an indented line, or one whose tag nobody uses, continues the text
before it. What the tags mean is in `ris_tags`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from resift.errors import FormatError
from resift.formats import platforms, ris_tags
from resift.formats.build import build, is_article_number
from resift.formats.entry import RECORD_ID, Entry
from resift.formats.notation import notes_in, one_note
from resift.formats.notes import Notes
from resift.formats.people import own_author, spaced
from resift.records import Record
from resift.text.fold import one_line
from resift.text.identifiers import as_pmid
from resift.text.names import split_author
from resift.text.pages import page_range

# Tags that tell the platform or name the entry: read, though no field of a record comes from them.
_READ_OTHERWISE = frozenset(("TY", "ER", "ID", "DB", "DP", "AN", "U2", "UT"))
_TAG = re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?P<gap> {1,4})-(?: {0,3})(?P<value>.*)$")
_START = re.compile(r"[ \t]*TY( {1,4})- {0,3}[A-Za-z][\w -]{1,40}\s*$")
_END = re.compile(r"ER {0,4}-\s*$")

_TYPES = {
    "JOUR": "article", "EJOUR": "article", "JFULL": "article", "ABST": "article", "INPR": "article",
    "MGZN": "article", "NEWS": "article", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "CONF": "conference", "CPAPER": "conference",
    "THES": "thesis", "RPRT": "report", "UNPB": "unpublished", "ELEC": "web",
}  # fmt: skip
_TAGS_OF_TYPES = {
    "article": "JOUR", "book": "BOOK", "chapter": "CHAP", "conference": "CONF", "thesis": "THES",
    "report": "RPRT", "unpublished": "UNPB", "web": "ELEC",
}  # fmt: skip


@dataclass(slots=True)
class _Block:
    """One entry: its first line, its (tag, value) pairs, and the text that stands before and after it."""

    line: int
    pairs: list[tuple[str, str]]
    before: str = ""
    after: list[str] = field(default_factory=list)


def read(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The entries of a RIS file. Raises FormatError with the line of what is cut off or has no TY line."""
    for block in _blocks(text, where, notes):
        yield _entry(block, where, notes)


def _blocks(text: str, where: str, notes: Notes) -> Iterator[_Block]:
    """Each entry with its lines joined to values; the text between entries is counted, never an entry."""
    lines = text.split("\n")
    block: _Block | None = None  # the entry that is open
    done: _Block | None = None  # the last one that is closed: text may follow it
    between: list[str] = []
    closed_once = False
    style = _Style("  ", "")
    for at, line in enumerate(lines):
        number = at + 1
        if not line.strip():
            continue
        if _opens(line, style if block is not None else None):
            if block is not None:
                notes.doubt("an entry without its ER line was ended by the next TY", f"line {block.line}")
                done, block = block, None
            if done is not None:
                yield done
            style = _style(lines, at)
            done, block = None, _Block(number, [("TY", line.split("-", 1)[1].strip())], "\n".join(between))
            between = []
        elif block is None:
            stray = _TAG.match(line.strip())
            if stray and stray["tag"] in ("TI", "T1") and _ends_before_next(lines, at):
                raise FormatError(
                    f"text outside any entry ({line.strip()[:40]!r}): its TY line is missing",
                    where=f"{where}, line {number}",
                    fix="begin each entry with `TY  - JOUR`, or delete the text",
                )
            notes.drop(number, line)
            between.append(line.strip())
            if done is not None:
                done.after.append(line.strip())
        elif _closes(line, lines, at, style):
            done, block, closed_once = block, None, True
        else:
            _add(block, line, number, style, notes)
    if block is not None and closed_once:
        raise FormatError(
            "the last entry has no ER line, so the file may be cut off",
            where=f"{where}, line {block.line}",
            fix="export the file again, or end the entry with `ER  - `",
        )
    if block is not None:
        if len(block.pairs) < 2:
            raise FormatError(
                "has a TY line and nothing more",
                where=f"{where}, line {block.line}",
                fix="export the file again",
            )
        notes.doubt("no entry ends with an ER line; the last may be cut off", f"line {block.line}")
        done = block
    if done is not None:
        yield done


@dataclass(frozen=True, slots=True)
class _Style:
    """How a writer sets its tags: the blanks before the hyphen, and the indentation of all its lines."""

    gap: str
    indent: str


def _style(lines: list[str], at: int) -> _Style:
    """The style of the entry that begins in line `at`: TY's own, or else that of most of its tags."""
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    own = lines[at].lstrip()[2:].partition("-")[0]
    gaps: dict[str, int] = {}
    for line in lines[at + 1 : at + 60]:
        if _START.match(line):
            break
        if (
            (found := _TAG.match(line.removeprefix(indent)))
            and found["tag"] in ris_tags.KNOWN
            and found["tag"] != "ER"
        ):
            gaps[found["gap"]] = gaps.get(found["gap"], 0) + 1
    if gaps and own not in gaps:
        own = max(gaps, key=lambda gap: gaps[gap])
    return _Style(own, indent)


def _opens(line: str, style: _Style | None) -> bool:
    found = _START.match(line)
    return found is not None and (style is None or line.startswith(f"{style.indent}TY{found.group(1)}-"))


def _closes(line: str, lines: list[str], at: int, style: _Style) -> bool:
    """An ER line: with nothing behind it, or with something that the next entry follows."""
    bare = line.removeprefix(style.indent)
    if _END.match(bare):
        return True
    found = _TAG.match(bare)
    if found is None or found["tag"] != "ER" or found["gap"] != style.gap:
        return False
    following = next((after for after in lines[at + 1 :] if after.strip()), "")
    return not following or bool(_START.match(following))


def _ends_before_next(lines: list[str], at: int) -> bool:
    """True when an ER line follows before the next TY: what stands there is an entry."""
    for line in lines[at + 1 : at + 500]:
        if _START.match(line):
            return False
        if _END.match(line.strip()):
            return True
    return False


def _add(block: _Block, line: str, number: int, style: _Style, notes: Notes) -> None:
    """One line of an entry: a tag and its value, or more text of the value before."""
    bare = line.removeprefix(style.indent)
    found = _TAG.match(bare)
    if found and found["gap"] == style.gap and found["tag"] in ris_tags.KNOWN:
        tag, value = found["tag"], found["value"].strip()
        if tag in ris_tags.SINGLE and any(tag == t and v and v != value for t, v in block.pairs):
            notes.doubt(f"{tag} stands twice in an entry; the first was taken", f"line {number}")
        block.pairs.append((tag, value))
        return
    last, before = block.pairs[-1]
    if found:
        notes.doubt(
            "lines that look like a tag but are set otherwise were read as text of the line before",
            f"line {number} ({bare.strip()[:30]!r})",
        )
    if last == "TY":
        notes.drop(number, line)
    elif last in ris_tags.LISTS and not bare[:1].isspace() and found is None:
        block.pairs.append((last, bare.strip()))
    else:
        block.pairs[-1] = (last, f"{before} {bare.strip()}".strip())


def _entry(block: _Block, where: str, notes: Notes) -> Entry:
    import rispy

    names = {tag: tag for tag, _ in block.pairs} | {"ER": "ER"}
    clean = "\n".join(f"{tag}  - {value}" for tag, value in (*block.pairs, ("ER", "")))
    parsed = rispy.loads(
        clean, mapping=names, list_tags=[tag for tag in names if tag != "TY"], delimiter_tags_mapping={}
    )
    if len(parsed) != 1:
        raise FormatError(
            "an entry cannot be read", where=f"{where}, line {block.line}", fix="export it again"
        )
    tags: Mapping[str, Any] = parsed[0]
    own_id = next(iter(tags.get("ID", ())), "")
    database = next(iter(tags.get("DB", ())), "")
    ours = bool(RECORD_ID.fullmatch(own_id)) and database in ("PubMed", own_id.partition(":")[0])
    after = "\n".join(block.after)
    platform = platforms.RESIFT if ours else platforms.of_entry(block.pairs, f"{block.before}\n{after}")
    notes.platforms[platform.name] += 1
    found, used = ris_tags.found_in(block.pairs, platform, block.before, after)
    kind = str(tags["TY"]).upper()
    found["type"] = [(_TYPES.get(kind, "other"), "TY")]
    values = build(found, notes, place=f"line {block.line}")
    if ours:
        own = next(iter(tags.get("DO", ())), "")  # NLM holds a few that are no DOIs; ours keep them
        values["doi"] = values["doi"] or own
        values["publication_types"] = tuple(tags.get("PT", ()))
        values["keywords"] = tuple(tags.get("KW", ()))
        names_of = [name for name in tags.get("AU", ()) if name]
        values["authors"] = tuple(own_author(n) for n in names_of if not n.endswith(","))
        values["collective_authors"] = tuple(n.rstrip(" ,") for n in names_of if n.endswith(","))
    for tag in set(names) - used - _READ_OTHERWISE:
        notes.unused[tag] += 1
    if not values["pmid"] and not set(names) & {"DB", "DP"} and as_pmid(next(iter(tags.get("AN", ())), "")):
        notes.doubt(
            "AN holds a number, but no DB or DP says of which database, so it was not taken for a PMID",
            f"line {block.line}",
        )
    raw = sorted((tag, [value] if isinstance(value, str) else list(value)) for tag, value in tags.items())
    accession = ris_tags.accession_of(tags, platform, values["pmid"])
    return Entry(
        values=values,
        raw=raw,
        accession=accession,
        own_id=own_id if ours else "",
        line=block.line,
        noted=notes_in("; ".join(tags.get("N1", ()))) if ours else {},
    )


def author_line(author: str) -> str:
    """`Family Initials` as RIS writes a person: `Family, I. I., Suffix`, so that styles know initials."""
    family, initials, suffix = split_author(author)
    return ", ".join(part for part in (family, spaced(initials), suffix) if part)


def write(record: Record, notes: Mapping[str, str], relevant: bool | None = None) -> str:
    """One entry: fixed tag order, all notes in one `N1`, `ER  - ` with its blank, a blank line."""
    first_page, last_page = page_range(record.pages)
    accession = record.pmid or record.record.partition(":")[2]
    lines: list[tuple[str, str]] = [("TY", _TAGS_OF_TYPES.get(record.type, "GEN")), ("ID", record.record)]
    lines += [("AU", author_line(author)) for author in record.authors]
    # The comma at the end tells EndNote (and our reader) that this is a body, not a person.
    lines += [("AU", f"{name},") for name in record.collective_authors]
    lines += [
        ("TI", record.title),
        ("TT", record.vernacular_title),
        ("PY", str(record.year) if record.year else ""),
        ("DA", _date(record)),
        ("T2", record.journal or record.journal_abbreviation),
        ("J2", record.journal_abbreviation if record.journal else ""),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", first_page),
        ("EP", last_page),
        ("C7", first_page if is_article_number(record.pages) else ""),
        ("SN", record.issn),
        ("AB", record.abstract),
    ]
    lines += [("KW", word) for word in (*record.mesh, *record.keywords)]
    lines += [("LA", language) for language in record.languages]
    lines += [("PT", kind) for kind in record.publication_types]
    lines += [
        ("AN", accession),
        ("DB", "PubMed" if record.pmid else record.source),
        ("DO", record.doi),
        ("C2", record.pmcid),
        ("UR", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else ""),
    ]
    lines.append(("N1", one_note(notes, relevant)))
    text = "".join([f"{tag}  - {one_line(value)}\n" for tag, value in lines if value and not value.isspace()])
    return f"{text}ER  - \n\n"


def _date(record: Record) -> str:
    date = record.print_date or record.electronic_date
    return date.replace("-", "/") if re.fullmatch(r"\d{4}(-\d\d){0,2}", date) else ""
