"""The layouts of reference strings, one function each; None when a string is laid out otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable

from resift.formats.citations.authors import AuthorList, read_authors
from resift.formats.citations.lexicon import is_known
from resift.formats.citations.model import Citation, Style
from resift.formats.citations.remarks import DATE
from resift.text.dates import as_year

_ISSUE = r"\((?P<issue>[^()]*(?:\([^()]*\)[^()]*)*)\)"
_PAGES = r"(?P<pages>\S[^\n]*?)"
_PAGE = r"[A-Za-z]{0,6}\d\w*(?:\.e?\d+)?(?:\s?[-–—−]\s?[A-Za-z]{0,6}\d\w*(?:\.e?\d+)?)?"
_END = r"[.?!][\"'”’)\]]*"

_DATED = re.compile(
    rf"(?P<stop>[.,]?)\s+(?P<date>{DATE})"
    r"(?P<next>\.?\s*(?:;|:|$)|[.,]\s*(?=[A-Z]?\d[\w–-]*\s*(?:\([^)]*\))?\s*:))"
)
_PLACE = re.compile(
    r"\.?\s*(?:(?:;|,?\s*(?=[A-Z]?\d[\w–-]*\s*(?:\([^)]*\))?\s*:))\s*"
    rf"(?P<volume>[^:(.]*?(?:\.\w[^:(.]*?)*)\s*(?:{_ISSUE})?(?:\s*:\s*{_PAGES})?"
    r"|:\s*(?P<only>\S.*?))?\s*\.?\s*$"
)
_DATED_PLACE = re.compile(rf"\.\s{DATE};\s?[^;:]{{0,30}}:[^;:]{{1,30}}$")
_PDQ_VOLUME = (
    r"(?=[^\s:(),]*\d)[^\s:(),]+(?:\s(?:Suppl|Spec|Pt|No)\b[^:(]*?)?|(?:Suppl|Spec No)(?:\s[^:(]*?)?"
)
# A year in brackets before the comma belongs to the journal: `Spine (Phila Pa 1976), 2021`.
_PDQ_ISSUE = r"(?!(?:\w+ )*(?:19|20)\d\d\),)(?=[^)]*\d|Suppl|Pt|Spec|[A-Z]\))[^()]*(?:\([^()]*\)[^()]*)*"
_ROMAN = r"[ivxlcIVXLC]+(?:-[ivxlcIVXLC]+)?(?:, [^:]{1,20})?"
_PDQ_PAGES = rf"[A-Za-z]{{0,20}}[-. ]?\d[^:]{{0,60}}?|{_ROMAN}|[A-Z]{{1,3}}-[A-Z]+\d[^:]{{0,60}}?"
_PDQ = re.compile(
    rf"(?P<before>.+?)(?:\s+(?P<volume>{_PDQ_VOLUME}))?(?:\s\((?P<issue>{_PDQ_ISSUE})\))?"
    rf"(?::\s(?P<pages>{_PDQ_PAGES}))?,\s(?P<date>{DATE})\.?\s*$"
)
_YEAR_EARLY = re.compile(
    r"(?P<authors>\S.{1,4000}?)[.,]?\s*\((?P<year>(?:1[89]|20)\d\d)[a-z]?(?:,[^)]{1,20})?\)"
    r"(?P<after>[.,:]?)\s+(?P<rest>\S.*)$"
)
_YEAR_BARE = re.compile(
    r"(?P<authors>\S.{1,4000}?[.,])\s+(?P<year>(?:1[89]|20)\d\d)[a-z]?(?P<after>\.)\s+(?P<rest>\S.*)$"
)
_VOLUME_END = r"(?:\s(?:Suppl|Pt|Spec)\b[^(,:]*)?"
_BRACKETS = (
    r"\(\s*(?P<issue>(?!(?:\w+ )*(?:19|20)\d\d\)$)(?=[^)]*\d|Suppl|Pt|Spec)[^()]*(?:\([^()]*\)[^()]*)*)\)"
)
_SOURCE = re.compile(
    r"(?P<journal>\S.*?[^\s,])[,.]?\s+(?=[A-Z]?\d|\([^)]*\d|\(Suppl|Suppl)"
    rf"(?P<volume>[A-Z]?\d[\w/–-]*{_VOLUME_END}|Suppl(?!,)[^(,:]*)?\s*(?:{_BRACKETS}\s*)?"
    rf"(?:[:,.]\s*(?:pp?\.\s*|e?ID\s*|Article\s*)?(?P<pages>{_PAGE}(?:[;,]\s?[^.]*)?))?"
    r"\s*[.,]?\s*(?:\S{0,24})?$"
)
_NATURE = re.compile(
    rf"(?P<head>.*?)\s+(?P<volume>[A-Z]?\d[\w–-]*)\s*(?:\((?P<issue>[^()]+)\))?,\s*(?P<pages>{_PAGE})\s*"
    r"\((?P<date>(?:1[89]|20)\d\d)\)\.?\s*$"
)
_NO_TITLE = re.compile(
    rf"(?P<head>.*?),\s+(?P<journal>[A-Z][^,\d]*?)[,.]?\s+(?P<date>(?:1[89]|20)\d\d)[,;]?\s+"
    rf"(?P<volume>[A-Z]?\d[\w–-]*)(?:\((?P<issue>[^()]+)\))?,\s*(?P<pages>{_PAGE})\s*\.?\s*$"
)
_FULL_STOPS = 10  # in the name of a journal
_AUTHORS_END = re.compile(r"(?:\.:?|:)\s+|[.,]\s+(?=[“\"])|(?<=[^\W\d_a-z])\s+(?=\[)")
_INITIAL_NEXT = re.compile(r"[^\W\d_a-z]\.(?=[\s,;&-])|et al\b|(?:and|&) [^\W\d_a-z]")
# Words of abbreviated journal titles (ISO 4), to tell `Title. J. Clin. Oncol.` from `Long. Title. Cancer.`
_ABBREVIATIONS = frozenset(
    """
    J Am Ann Arch Br Eur Int Clin Med Surg Res Biol Chem Phys Mol Biochem Rev Curr Opin Proc Natl Acad
    Sci Soc Trans Acta Appl Biomed Biotechnol Cell Comp Dev Ecol Environ Exp Genet Immunol Infect Dis
    Lett Mater Mag Methods Microbiol Nat Neurosci Nucl Nutr Oncol Org Pharm Pharmacol Physiol Psychol
    Psychiatry Rep Rheum Sch Spectrosc Struct Syst Toxicol Trends Ther Univ Vet Virol Zool Can Scand Jpn
    Ger Fr Ital Adv Angew Anal Arthritis Bull Contemp Crit Diagn Endocr Endocrinol Epidemiol Evol Front
    Gastroenterol Hum Hematol Hepatol Ind Inorg Inst Magn Math Metab Mutat Neurol Obstet Gynecol
    Ophthalmol Orthop Pathol Pediatr Perspect Prev Prog Q Radiol Reson Sens Sports Stat Stud Technol
    Theor Thorac Tissue Transplant Trop Urol Macromol Electrochem Catal Commun Ed Engl Chromatogr Mass
    Spectrom Biophys Biomol Bioorg Biosci Bioeng Colloid Comput Dent Dermatol Digest Disord Gen Geogr
    Geol Geophys Health Hosp Lab Laryngol Otol Marit Mar Freshw Food Nanotechnol Polym Sci U.S.A USA UK
    """.split()  # noqa: SIM905
)


def _vancouver(core: str) -> Citation | None:
    """PubMed's own and its many kin: the date comes after the journal and before the volume."""
    dated = [m for m in _DATED.finditer(core) if _is_source_date(m)]
    found = next((m for m in dated if m.group("stop") == "."), None) or next(iter(dated), None)
    if found is None:
        return None
    place = _PLACE.match(core, found.end("date"))
    authors, title, journal = _split_head(core[: found.start()].strip())
    if place is None or not journal:
        return None
    volume, issue, pages = ((place.group(name) or "").strip() for name in ("volume", "issue", "pages"))
    if only := place.group("only"):
        # `2014: 51:427-36` has a colon for the semicolon; `2022 Nov 28:1-15` has no volume yet.
        parts = re.fullmatch(r"(\d+)\s*(?:\(([^)]*)\))?:\s*(\S.*)", only)
        volume, issue, pages = (part or "" for part in parts.groups()) if parts else ("", "", only.strip())
    return Citation(
        authors=authors.authors,
        collective=authors.collective,
        et_al=authors.et_al,
        title=title,
        journal=journal,
        year=as_year(found.group("date")),
        date=found.group("date").strip().rstrip("."),
        volume=volume,
        issue=issue,
        pages=pages,
        style=Style.VANCOUVER,
    )


def _is_source_date(found: re.Match[str]) -> bool:
    """False for a year in a title: `from 1990 to 2017: a survey`, `Countdown to 1984`."""
    follows = found.group("next").strip()
    if follows == ":" and re.match(r"\s*\d+\s*(?:\([^)]*\))?:", found.string[found.end() :]):
        return True  # `2014: 51:427-36`
    if follows == ":":
        return found.group("stop") == "." or " " in found.group("date").strip()
    return found.group("stop") == "." or follows in (";", ".;", ",", ".")


def _pdq(core: str) -> Citation | None:
    """The style of the US National Cancer Institute's PDQ summaries: the year comes last."""
    found = _PDQ.match(core)
    if found is None:
        return None
    before = found.group("before")
    authors = None
    for colon in re.finditer(r":\s+", before):
        if colon.start() > 6000:
            break
        authors = read_authors(before[: colon.start()])
        if authors is not None:
            before = before[colon.end() :]
            break
    if authors is None and not found.group("pages"):
        return None
    title, journal = _split_journal(before)
    if not journal or not (title or authors):
        return None
    authors = authors or AuthorList()
    return Citation(
        authors=authors.authors,
        collective=authors.collective,
        et_al=authors.et_al,
        title=_title(title),
        journal=journal,
        year=as_year(found.group("date")),
        date=found.group("date"),
        volume=(found.group("volume") or "").strip(),
        issue=(found.group("issue") or "").strip(),
        pages=(found.group("pages") or "").strip(),
        style=Style.PDQ,
    )


def _year_early(core: str) -> Citation | None:
    """APA and the author-year styles: the year follows the authors."""
    if _DATED_PLACE.search(core):
        return None  # a review of a book or paper has its year in brackets in the title
    for layout in (_YEAR_EARLY, _YEAR_BARE):
        found = layout.match(core)
        if found is None:
            continue
        authors = read_authors(found.group("authors"))
        rest = found.group("rest")
        unsigned = core[: found.start("year") - 1].rstrip()[-1] in ".?!]" and not re.search(
            rf"{_END}\s", rest
        )
        if authors is None or (unsigned and not authors.authors):
            # APA puts the title first where nobody signs.
            if layout is _YEAR_BARE or found.group("after") != "." or not unsigned:
                continue
            authors, rest = AuthorList(), f"{core[: found.start('year') - 1].strip()} {rest}"
        title, source = _split_journal(rest, placed=True)
        journal, volume, issue, pages = _read_source(source)
        if not title and not volume and not pages:
            title, journal = journal, ""  # a thesis or report: one sentence, and nothing behind it
        apa = found.group("after") == "." and layout is _YEAR_EARLY
        return Citation(
            authors=authors.authors,
            collective=authors.collective,
            et_al=authors.et_al,
            title=_title(title),
            journal=journal,
            year=int(found.group("year")),
            date=found.group("year"),
            volume=volume,
            issue=issue,
            pages=pages,
            style=Style.APA if apa else Style.AUTHOR_YEAR,
        )
    return None


def _read_source(source: str) -> tuple[str, str, str, str]:
    """Journal, volume, issue and pages of `J Clin Oncol, 28(1), 69-76`, `J. Clin. Oncol. 28:69`."""
    parts = _SOURCE.match(source)
    if parts is None:
        ahead = re.fullmatch(r"(\S.*), ([a-z]{1,4}\d\w*)\.?", source)  # `J X, e123`: no volume yet
        return (ahead.group(1), "", "", ahead.group(2)) if ahead else (source.strip(" .,"), "", "", "")
    journal = parts.group("journal").strip(" .,")
    volume, issue, pages = ((parts.group(name) or "").strip() for name in ("volume", "issue", "pages"))
    if not issue and not pages and re.fullmatch(r"\d{5,}\w*|[A-Z]?\d+[-–][A-Z]?\d+", volume):
        volume, pages = "", volume  # a number too long for a volume, or a range: the page, ahead of print
    return journal, volume, issue, pages


def _nature(core: str) -> Citation | None:
    """Nature and kin: the year stands last, in brackets."""
    found = _NATURE.match(core)
    if found is None:
        return None
    authors, title, journal = _split_head(found.group("head").strip(), dotted=True)
    return Citation(
        authors=authors.authors,
        collective=authors.collective,
        et_al=authors.et_al,
        title=title,
        journal=journal,
        year=int(found.group("date")),
        date=found.group("date"),
        volume=found.group("volume"),
        issue=(found.group("issue") or "").strip(),
        pages=found.group("pages").strip(),
        style=Style.NATURE,
    )


def _no_title(core: str) -> Citation | None:
    """Chemistry's style: authors, journal, year, volume, page, and no title."""
    found = _NO_TITLE.match(core)
    authors = read_authors(found.group("head")) if found else None
    if found is None or authors is None:
        return None
    return Citation(
        authors=authors.authors,
        collective=authors.collective,
        et_al=authors.et_al,
        journal=found.group("journal").strip(),
        year=int(found.group("date")),
        date=found.group("date"),
        volume=found.group("volume"),
        issue=(found.group("issue") or "").strip(),
        pages=found.group("pages").strip(),
        style=Style.NO_TITLE,
    )


def loose(core: str) -> Citation:
    """What can be had from a string in no known layout: authors, a title, the last year."""
    authors, title = _split_authors(core)
    years = re.findall(r"(?<![\d./-])((?:1[89]|20)\d\d)(?![\d/])", core)
    sentence = re.match(rf"(.+?{_END})(?:\s|$)", title)
    return Citation(
        authors=authors.authors,
        collective=authors.collective,
        et_al=authors.et_al,
        title=_title(sentence.group(1) if sentence else title),
        year=int(years[-1]) if years else None,
        date=years[-1] if years else "",
    )


LAYOUTS: tuple[Callable[[str], Citation | None], ...] = (_pdq, _year_early, _nature, _vancouver, _no_title)


def _split_head(head: str, *, dotted: bool = False) -> tuple[AuthorList, str, str]:
    """`Authors. Title. Journal` as its three parts; without title or authors as far as they go."""
    before, journal = _split_journal(head, dotted=dotted)
    if not before:
        return AuthorList(), "", journal
    authors, title = _split_authors(before)
    return authors, _title(title), journal


def _split_journal(text: str, *, dotted: bool = False, placed: bool = False) -> tuple[str, str]:
    """What comes before the last sentence, and the last sentence: a journal with what follows it.

    Words that are abbreviated with full stops (`J. Clin. Oncol.`) belong to one journal; where the style
    always does so (`dotted`), any short word in capitals before another one counts. A name that is known is
    taken whole, whatever full stops it has (`MCN. The American journal of maternal child nursing`); volume
    and pages may stand behind it (`placed`).
    """
    ends = [m.end() for m in re.finditer(rf"{_END}\s+(?=[^\s:;,.&])", text)]
    if not ends:
        return "", text.strip(" .,")
    for end in ends[-_FULL_STOPS:]:
        source = _SOURCE.match(text[end:]) if placed else None
        if is_known(source.group("journal") if source else text[end:]):
            return text[:end].strip(), text[end:].strip(" ,").removesuffix(".")
    at = ends.pop()
    while ends and re.match(r"[A-Z]?\d+\s*(?:[(:,]|$)", text[at:]):
        at = ends.pop()  # `Genome Res. 13:2052`: the volume is no sentence
    while ends and _is_abbreviation(text[ends[-1] : at].strip(" ."), any_word=dotted and len(ends) > 1):
        at = ends.pop()
    return text[:at].strip(), text[at:].strip(" ,").removesuffix(".")


def _is_abbreviation(text: str, *, any_word: bool = False) -> bool:
    words = [word.strip(".,&") for word in text.split()]
    if not 0 < len(words) <= 3:
        return False
    return all(w in _ABBREVIATIONS or (any_word and w[:1].isupper() and len(w) <= 8) for w in words)


def _split_authors(text: str) -> tuple[AuthorList, str]:
    """`Authors. Title` as both; no authors when the first sentence does not look like names."""
    best: tuple[AuthorList, str] | None = None
    for found in _AUTHORS_END.finditer(text, 0, 6000):
        piece, rest = text[: found.start()], text[found.end() :].strip()
        authors = read_authors(piece)
        if authors is not None and rest:
            best = (authors, rest)
        # A full stop inside a list belongs to dotted initials (`Smith J. A., Doe B.`).
        dotted = _INITIAL_NEXT.match(rest) and not re.search(r"[^\W\d_a-z],", piece)
        if not dotted and (best is not None or len(piece) > 12) and not re.search(r"\b(?:St|Mc)$", piece):
            break
    if best is not None:
        return best
    # The full stop after the authors may be missing (`Bennekou P Cobalt metabolism and ...`).
    for found in re.finditer(r"(?<=[A-Z])\s+(?=[A-Z][a-z]+ [a-z])", text[:6000]):
        authors = read_authors(text[: found.start()])
        if authors is not None:
            return authors, text[found.end() :]
    whole = read_authors(text)
    if whole is not None and whole.authors:
        return whole, ""
    return AuthorList(), text


def _title(text: str) -> str:
    """A title without quotation marks around it and without its closing full stop."""
    text = re.sub(r"\s*\[J\]\s*\.?$", "", text.strip())
    if len(text) > 1 and text[0] == "“" and text.rstrip(".,")[-1] == "”":
        text = text.rstrip(".,")[1:-1]
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("...") else text.rstrip(" ,")
