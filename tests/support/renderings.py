"""How other databases and tools write a record that PubMed holds, with their own losses; seeded.

A rendering takes a clean `Record` and gives the text columns that deduplication reads. Half of the
renderings (`tuned=False`) are kept out of choosing rules and thresholds: recall on them is what can be
believed. Every habit here was seen in exports; the records are real, the losses are drawn.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from anyascii import anyascii

from resift.records import Record

Row = dict[str, str]


@dataclass(frozen=True)
class Rendering:
    """One platform's way to write a record; `tuned` says whether rules were chosen while looking at it."""

    name: str
    write: Callable[[Record, random.Random], Row]
    tuned: bool


_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "μ": "mu", "µ": "mu"}
_TAG = re.compile(r"</?(?:sub|sup|i|b)>")
_LANGUAGE = {"ger": "German", "fre": "French", "rus": "Russian", "jpn": "Japanese", "spa": "Spanish"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


@dataclass(frozen=True)
class _Name:
    family: str
    initials: str


def _names(record: Record) -> list[_Name]:
    found = []
    for person in record.authors:
        family, _, initials = person.rpartition(" ")
        found.append(_Name(family or person, initials if family else ""))
    return found or [_Name(group, "") for group in record.collective_authors]


def _dotted(initials: str, blank: str = "") -> str:
    return blank.join(f"{letter}." for letter in initials if letter.isalpha())


def _full_pages(pages: str) -> str:
    """PubMed's "139-54" as other databases write it, "139-154"."""
    match = re.fullmatch(r"([A-Za-z]*)(\d+)([A-Za-z]*)-([A-Za-z]*)(\d+)([A-Za-z]*)", pages)
    if not match:
        return pages
    prefix, start, tail, other, end, last = match.groups()
    if len(end) < len(start):
        end = start[: len(start) - len(end)] + end
    return f"{prefix}{start}{tail}-{other or prefix}{end}{last}"


def _first_page(pages: str) -> str:
    return re.split(r"[-,;]", pages)[0].strip()


def _plain(title: str) -> str:
    return _TAG.sub("", html.unescape(title)).strip().rstrip(".").strip("[]")


def _spelled(text: str) -> str:
    for letter, name in _GREEK.items():
        text = text.replace(letter, name)
    return text


def _capitals(title: str) -> str:
    return " ".join(
        word if n and word.lower() in _SMALL else word[:1].upper() + word[1:]
        for n, word in enumerate(title.split(" "))
    )


def _mojibake(text: str) -> str:
    return text.encode("utf-8").decode("cp1252", errors="replace")


def _online_year(record: Record, draw: random.Random, share: float) -> str:
    """The year of the online edition, where there is one and the platform takes it."""
    if record.electronic_date and draw.random() < share:
        return record.electronic_date[:4]
    return _year(record)


def _year(record: Record) -> str:
    return str(record.year) if record.year else ""


def _start(record: Record) -> Row:
    return {
        "type": "article",
        "title": record.title,
        "authors": "",
        "journal": record.journal,
        "year": _year(record),
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "doi": "",
        "pmid": "",
        "issn": record.issn,
        "abstract": record.abstract[:500],
        "publication_types": "",
    }


def pubmed(record: Record, draw: random.Random) -> Row:
    """PubMed's own format, with its PMID."""
    return {
        **_start(record),
        "authors": ";".join([*record.authors, *record.collective_authors]),
        "doi": record.doi,
        "pmid": record.pmid,
        "vernacular_title": record.vernacular_title,
        "publication_types": ";".join(record.publication_types),
    }


def ovid(record: Record, draw: random.Random) -> Row:
    """Ovid: tails on titles, the whole citation in the journal's field, DOI fields with more than a DOI."""
    row = _start(record)
    title = _plain(record.title)
    row["title"] = _spelled(title)
    if record.vernacular_title and record.languages:
        row["title"] = f"[{title}]. [{_LANGUAGE.get(record.languages[0], 'Polish')}]"
    elif draw.random() < 0.25:
        row["title"] += draw.choice(
            (". [Review] [33 refs]", ". [see comment]", " [Erratum appears in Ann Med. 2001 May;3(2):211]")
        )
    row["authors"] = " and ".join(f"{n.family}, {_dotted(n.initials, ' ')}" for n in _names(record))
    pages = _full_pages(record.pages)
    issue = f" ({record.issue})" if record.issue else ""
    if draw.random() < 0.35 and record.volume:
        month = draw.choice(_MONTHS)
        row["journal"] = (
            f"{_capitals(record.journal)}.{record.volume}{issue} ()(pp {pages}) {row['year']}."
            f"Date of Publication: {draw.choice((row['year'], month + ' ' + row['year']))}"
        )
        row.update(volume="", issue="", pages="")
    else:
        row["volume"] = record.volume + issue
        row["issue"] = ""
        row["pages"] = draw.choice((pages, pages, record.pages, "various" if "," in pages else pages))
    if record.doi:
        pii = f"S{draw.randrange(10**7, 10**8)}{draw.randrange(10**7, 10**8)}"
        row["doi"] = draw.choice(
            (
                f"{pii} [pii];{record.doi} [doi]",
                f"{record.doi} [doi];{pii} [pii]",
                f"http://dx.doi.org/{record.doi}",
                record.doi.replace("(", "%28").replace(")", "%29"),
                f"{pii} [pii]",
            )
        )
    return row


def endnote(record: Record, draw: random.Random) -> Row:
    """EndNote: authors run together, volume and issue in one field, pages cut or said to be none."""
    row = _start(record)
    row["title"] = _plain(record.title)
    if record.vernacular_title and draw.random() < 0.5:
        row["title"] += f"\nOriginaltitel\n{_plain(record.vernacular_title)}"
    form = draw.randrange(4)
    names = _names(record)
    row["authors"] = "".join(
        (
            f"{n.family} {_dotted(n.initials, ' ')}",
            f"{n.family}{_dotted(n.initials)}",
            f"{n.family} {n.initials}",
            f"{n.family}, {_dotted(n.initials, ' ')}",
        )[form]
        for n in names
    )
    row["journal"] = (record.journal_abbreviation or record.journal).replace(".", "")
    pages = _full_pages(record.pages)
    if record.issue and draw.random() < 0.4:
        row["volume"] = f"{record.volume} ({record.issue})"
        row["issue"] = ""
    row["pages"] = pages
    if not re.match(r"\d", pages) and draw.random() < 0.6:
        row["volume"] += " (no pagination)"
        row["pages"] = ""
    row["doi"] = record.doi if draw.random() < 0.5 else ""
    row["abstract"] = row["abstract"] if draw.random() < 0.6 else ""
    return row


def web_of_science(record: Record, draw: random.Random) -> Row:
    """Web of Science: capitals, no accents, Greek letters spelled, "139-+", an article number for pages."""
    row = _start(record)
    title = anyascii(_spelled(_plain(record.title)))
    row["title"] = title.upper() if draw.random() < 0.3 else _capitals(title)
    people = []
    for n in _names(record):
        family = anyascii(n.family)
        people.append(f"{family.replace(' ', '') if draw.random() < 0.3 else family}, {n.initials[:3]}")
    row["authors"] = " and ".join(people)
    row["journal"] = draw.choice(
        (record.journal.upper(), (record.journal_abbreviation or record.journal).upper().replace(".", ""))
    )
    pages = _full_pages(record.pages)
    row["pages"] = f"{_first_page(pages)}-+" if "-" in pages and draw.random() < 0.15 else pages
    row["doi"] = record.doi.upper() if draw.random() < 0.8 else ""
    row["publication_types"] = "Article"
    return row


def spreadsheet(record: Record, draw: random.Random) -> Row:
    """A table opened and saved by a spreadsheet: dates for pages, 12.0, long cells cut, accents doubled."""
    row = _start(record)
    row["title"] = _mojibake(_plain(record.title))[:255]
    if draw.random() < 0.02:
        row["title"] = "#NAME?"
    row["authors"] = _mojibake(", ".join(f"{n.family} {n.initials}" for n in _names(record)))[:255]
    row["journal"] = record.journal_abbreviation or record.journal
    if draw.random() < 0.5:
        for field in ("year", "volume", "issue"):
            row[field] += ".0" if row[field].isdigit() else ""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", record.pages)
    if match and min(map(int, match.groups())) <= 12:
        a, b = map(int, match.groups())
        if b <= 12:
            row["pages"] = f"{a:02d}-{_MONTHS[b - 1]}"
        else:
            row["pages"] = f"{b:02d}-{_MONTHS[a - 1]}" if b <= 31 else f"{_MONTHS[a - 1]}-{b:02d}"
    row["issue"] = re.sub(
        r"^(\d{1,2})-(\d{1,2})$", lambda m: f"{m[1]}-{_MONTHS[int(m[2]) % 12]}", row["issue"]
    )
    row["doi"] = record.doi if draw.random() < 0.7 else ""
    row["abstract"] = ""
    return row


def embase(record: Record, draw: random.Random) -> Row:
    """embase.com: dotted initials, full journal names, often the year of the online edition."""
    row = _start(record)
    row["title"] = (
        html.unescape(_TAG.sub(lambda m: " " if "/" in m[0] else "", record.title)).rstrip(".").strip("[]")
    )
    row["authors"] = ";".join(f"{n.family} {_dotted(n.initials)}" for n in _names(record))
    row["year"] = _online_year(record, draw, 0.3)
    row["journal"] = _capitals(re.sub(r" : .*", "", record.journal))
    row["pages"] = _full_pages(record.pages)
    row["doi"] = record.doi if draw.random() < 0.85 else ""
    row["pmid"] = record.pmid if draw.random() < 0.3 else ""
    if not re.match(r"\d", record.pages) and record.pages:
        row["pages"] = draw.choice((f"art. no. {record.pages}", record.pages, ""))
    return row


def scopus(record: Record, draw: random.Random) -> Row:
    """Scopus: the original title in brackets behind the English one, comma-separated authors."""
    row = _start(record)
    title = record.title.replace("sub>", "inf>").rstrip(".").strip("[]")
    row["title"] = f"{title} [{_plain(record.vernacular_title)}]" if record.vernacular_title else title
    row["authors"] = ", ".join(f"{n.family}, {_dotted(n.initials)}" for n in _names(record))
    row["journal"] = _capitals(re.sub(r" : .*", "", record.journal))
    row["pages"] = _full_pages(record.pages)
    row["doi"] = record.doi if draw.random() < 0.9 else ""
    if not re.match(r"\d", record.pages) and record.pages and draw.random() < 0.5:
        row["pages"] = ""
        row["volume"] = record.volume
    row["issue"] = record.issue if draw.random() < 0.8 else ""
    return row


def cinahl(record: Record, draw: random.Random) -> Row:
    """CINAHL on EBSCO: at most three authors, subtitles cut off, "pp", mostly no DOI."""
    row = _start(record)
    title = _capitals(_plain(record.title))
    head, colon, _ = title.partition(": ")
    row["title"] = head if colon and len(head) > 30 and draw.random() < 0.3 else title
    names = _names(record)
    row["authors"] = " and ".join(f"{n.family}, {_dotted(n.initials, ' ')}" for n in names[:3])
    row["journal"] = _capitals(re.sub(r" : .*", "", record.journal))
    row["pages"] = f"pp {_full_pages(record.pages)}" if record.pages else ""
    row["doi"] = record.doi if draw.random() < 0.4 else ""
    row["abstract"] = ""
    return row


def zotero(record: Record, draw: random.Random) -> Row:
    """Zotero: markup in titles, particles moved behind, double-encoded accents, DOIs as links."""
    row = _start(record)
    title = record.title.rstrip(".").strip("[]")
    row["title"] = _mojibake(title) if draw.random() < 0.2 else title
    people = []
    for n in _names(record):
        match = re.match(r"((?:van|von|de|der|den|la|di|da|el|ter)\b[ ]?)+", n.family)
        if match and match.end() < len(n.family):
            people.append(f"{n.family[match.end() :]}, {_dotted(n.initials, ' ')} {match[0].strip()}")
        else:
            people.append(f"{n.family}, {_dotted(n.initials, ' ')}")
    row["authors"] = " and ".join(people)
    if draw.random() < 0.2:
        row["authors"] = _mojibake(row["authors"])
    row["year"] = _online_year(record, draw, 0.5)
    row["pages"] = _full_pages(record.pages).replace("-", "–")
    row["doi"] = f"https://doi.org/{record.doi}" if record.doi and draw.random() < 0.7 else ""
    return row


def typed(record: Record, draw: random.Random) -> Row:
    """A list typed by hand: a slip or two in the title, three authors, no DOI, no issue."""
    row = _start(record)
    letters = list(_spelled(_plain(record.title)))
    for _ in range(draw.choice((0, 1, 1, 2))):
        place = draw.randrange(1, max(len(letters) - 1, 2))
        if place < len(letters) and letters[place].isalpha():
            slip = draw.randrange(3)
            letters[place] = ("", letters[place] * 2, draw.choice("aeiounrst"))[slip]
    row["title"] = "".join(letters)
    names = _names(record)
    row["authors"] = ", ".join(f"{n.family} {n.initials}" for n in names[:3]) + (
        ", et al." if len(names) > 3 else ""
    )
    row["journal"] = record.journal_abbreviation or record.journal
    row["issue"] = ""
    row["pages"] = record.pages if draw.random() < 0.7 else _first_page(record.pages)
    row["issn"] = row["abstract"] = ""
    return row


RENDERINGS = (
    Rendering("PubMed", pubmed, tuned=True),
    Rendering("Ovid", ovid, tuned=True),
    Rendering("EndNote", endnote, tuned=True),
    Rendering("Web of Science", web_of_science, tuned=True),
    Rendering("spreadsheet", spreadsheet, tuned=True),
    Rendering("Embase.com", embase, tuned=False),
    Rendering("Scopus", scopus, tuned=False),
    Rendering("CINAHL", cinahl, tuned=False),
    Rendering("Zotero", zotero, tuned=False),
    Rendering("typed by hand", typed, tuned=False),
)


def render(record: Record, rendering: Rendering, seed: int) -> Row:
    """One record as one platform writes it: the same text for the same seed."""
    draw = random.Random(f"{seed}:{rendering.name}:{record.record}")
    row = rendering.write(record, draw)
    row["record"] = f"{rendering.name.lower().replace(' ', '-')}:{record.record.rpartition(':')[2]}"
    return row


# --- one abstract of a meeting, as two databases write it -----------------------------------------------


@dataclass(frozen=True)
class Meeting:
    """A meeting whose abstracts fill a supplement of a journal."""

    name: str
    supplement: int
    year: int


def abstract_rows(record: Record, meeting: Meeting, page: int, seed: int) -> tuple[Row, Row]:
    """An abstract at a meeting, in short form (volume "9", issue "s2") and as a conference record."""
    draw = random.Random(f"{seed}:{record.record}:{meeting.name}")
    volume, journal = record.volume or "9", record.journal
    title = _plain(record.title)
    short = {
        **_start(record),
        "title": title,
        "authors": "".join(f"{n.family} {_dotted(n.initials, ' ')}" for n in _names(record)),
        "journal": record.journal_abbreviation or journal,
        "year": str(meeting.year),
        "volume": volume,
        "issue": draw.choice((f"s{meeting.supplement}", f"Suppl {meeting.supplement}")),
        "pages": f"S{page}" if draw.random() < 0.5 else str(page),
    }
    full = {
        **_start(record),
        "title": title,
        "authors": " and ".join(f"{n.family}, {_dotted(n.initials)}" for n in _names(record)),
        "journal": f"{_capitals(journal)}.Conference: {meeting.name} {meeting.year}. Conference Start:"
        f" {meeting.year}0723.",
        "year": str(meeting.year),
        "volume": draw.choice((f"{volume} (SUPPL. {meeting.supplement})", f"{volume} (pp {page})", volume)),
        "issue": "",
        "pages": draw.choice((str(page), f"S{page}", "")),
    }
    number = record.record.rpartition(":")[2]
    short["record"] = f"short:{number}:{meeting.supplement}"
    full["record"] = f"conference:{number}:{meeting.supplement}"
    return short, full


# --- what a real record has beside it that is another report ------------------------------------------


def with_next_doi(doi: str, step: int) -> str:
    """The DOI of a neighbour: the last number of the suffix moved on."""
    match = re.search(r"\d+(?=\D*$)", doi)
    if not doi or not match:
        return ""
    moved = str(int(match[0]) + step).zfill(len(match[0]))
    return doi[: match.start()] + moved + doi[match.end() :]


COLUMNS = (
    "From the Editor",
    "Editor's comments",
    "Guest editorial",
    "News and notes",
    "Reply",
    "Book review",
    "Introduction to the special issue",
    "In this issue",
    "Images in clinical medicine",
    "Case records of the hospital",
    "Editorial",
    "Corrigendum",
    "Letter from the president",
    "Annual report of the society",
)


def column(record: Record, heading: str, issues: Sequence[int]) -> list[Record]:
    """One column of one editor in several issues of a volume, each beginning on the same page."""
    return [
        replace(
            record,
            record=f"{record.record}c{issue}",
            title=f"{heading}.",
            vernacular_title="",
            abstract="",
            authors=record.authors[:1],
            issue=str(issue),
            pages=draw_pages,
            doi=with_next_doi(record.doi, issue * 7),
            pmid="",
            electronic_date="",
        )
        for issue in issues
        for draw_pages in ((record.pages and "5-6") or "5",)
    ]


def parts(record: Record) -> list[Record]:
    """A paper in two parts, the second right behind the first."""
    title = _plain(record.title)
    return [
        replace(record, record=f"{record.record}p1", title=f"{title}. I. Methods.", pmid=""),
        replace(
            record,
            record=f"{record.record}p2",
            title=f"{title}. II. Results.",
            pages=_next_pages(record),
            doi=with_next_doi(record.doi, 1),
            pmid="",
            abstract="",
        ),
    ]


def _next_pages(record: Record) -> str:
    """The pages behind a record's own; "" where it has none."""
    end = re.findall(r"\d+", _full_pages(record.pages))
    return f"{int(end[-1]) + 1}-{int(end[-1]) + 9}" if end else ""


CHANGES = ("not", "female", "chronic", "repeated", "Wistar", "elderly", "type A", "group B")


def one_word_other(record: Record, change: str) -> list[Record]:
    """A paper and its neighbour by the same authors, whose title has a word or a letter more or other."""
    title = _plain(record.title)
    words = title.split(" ")
    place = len(words) // 2
    other = " ".join([*words[:place], change, *words[place:]])
    if change[-2:] == " A":  # the first says A, the second B
        title, other = f"{title}: {change}", f"{title}: {change[:-1]}B"
    elif change[-2:] == " B":
        title, other = f"{change} {title}", f"{change[:-1]}C {title}"
    return [
        replace(record, record=f"{record.record}w1", title=title, pmid="", abstract=""),
        replace(
            record,
            record=f"{record.record}w2",
            title=other,
            vernacular_title="",
            pages=_next_pages(record),
            doi=with_next_doi(record.doi, 1),
            pmid="",
            abstract="",
        ),
    ]


def two_meetings(record: Record) -> list[Record]:
    """One contribution to two meetings of one series, a year apart, without volume and pages."""
    year = record.year or 2000
    return [
        replace(
            record,
            record=f"{record.record}m{n}",
            journal=f"Proceedings of the {20 + n}{ending} Annual Conference on {record.journal}",
            journal_abbreviation="",
            year=year + n,
            volume="",
            issue="",
            pages="",
            issn="",
            doi=with_next_doi(record.doi, n * 400),
            electronic_date="",
            pmid="",
            abstract="",
        )
        for n, ending in ((1, "st"), (2, "nd"))
    ]


def erratum(record: Record) -> list[Record]:
    """A paper and the notice that repeats its title in a later issue."""
    notice = replace(
        record,
        record=f"{record.record}e",
        title=f"Erratum: {_plain(record.title)}",
        pages="999",
        issue=str(int(record.issue) + 2) if record.issue.isdigit() else "12",
        doi=with_next_doi(record.doi, 900),
        abstract="",
        pmid="",
    )
    return [replace(record, pmid=""), notice]


def annual(record: Record) -> list[Record]:
    """A guideline that comes out every year, at the same place of the next volume."""
    if not record.year or not record.volume.isdigit():
        return []
    return [
        replace(
            record,
            record=f"{record.record}y{n}",
            title=f"{_plain(record.title)}: {wording}",
            year=record.year + n,
            volume=str(int(record.volume) + n),
            doi=with_next_doi(record.doi, n * 300),
            electronic_date="",
            abstract="",
            pmid="",
        )
        for n in range(3)
        for wording in (f"{record.year + n} update",)
    ]


def column_over_years(record: Record, heading: str) -> list[Record]:
    """One column, one editor, the same issue and page in three successive volumes."""
    if not record.year or not record.volume.isdigit():
        return []
    return [
        replace(
            record,
            record=f"{record.record}v{n}",
            title=f"{heading}.",
            vernacular_title="",
            abstract="",
            authors=record.authors[:1],
            year=record.year + n,
            volume=str(int(record.volume) + n),
            issue="1",
            pages="1-2",
            doi=with_next_doi(record.doi, n * 50),
            electronic_date="",
            pmid="",
        )
        for n in range(3)
    ]
