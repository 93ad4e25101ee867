"""Telling a search of another platform from one of PubMed's.

Each platform has marks of its own. A *certain* mark (`exp Asthma/`, `'asthma'/exp`, `TITLE-ABS-KEY(`) is
written nowhere in PubMed; a *possible* one (`N3`, `TI asthma`, `$`) can also be a word there, so it counts
only together with others and where PubMed's own tags are absent. What stands in double quotation marks
and in PubMed's square-bracket tags is no mark.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from resift.query.fields import BY_NAME


@dataclass(frozen=True, slots=True)
class Foreign:
    """A search in the syntax of another platform: its name, the marks seen (with their numbers), where."""

    platform: str
    marks: tuple[tuple[str, int], ...]
    lines: int
    start: int
    end: int
    reads_as: str

    def __str__(self) -> str:
        size = f"{self.lines} lines" if self.lines > 1 else "1 line"
        seen = ", ".join(mark if n == 1 else f"{mark} ({n} times)" for mark, n in self.marks[:4])
        return f"this is {self.platform} syntax: {size}, {seen}; {self.reads_as}"


@dataclass(frozen=True, slots=True)
class _Mark:
    platform: str
    name: str
    needs: tuple[str, ...]  # one of these stands in every such mark: a text without them is not searched
    pattern: re.Pattern[str]
    certain: bool = True
    quoted: bool = False  # looked for in the text with its quotation marks


def _mark(platform: str, name: str, needs: str, pattern: str, *, certain: bool = True, quoted: bool = False,
          case: bool = False) -> _Mark:  # fmt: skip
    flags = re.MULTILINE | (0 if case else re.IGNORECASE)
    # Blanks without end, twice in a pattern, would take time by the square of a run of blanks.
    bounded = pattern.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}")
    return _Mark(platform, name, tuple(needs.split()), re.compile(bounded, flags), certain, quoted)


_OTHER = "another platform's"
_OVID_FIELDS = (
    "ti|ab|tw|mp|kw|kf|pt|sh|hw|nm|rn|ot|ox|rs|rx|px|ps|in|jn|jw|ja|au|fs|id|tn|dv|dm|mf|af|tx|fx|yr|dt|dp|lg"
    "|la|ec|ez|ed|ui|up|bt|kp|cp|go|tc|de|di|cw|gw|tm|oa|os|dq|an|so|as|co|ct|md|pm|is|cn|m_titl"
)
_OVID_SUBHEADINGS = (
    "ab|ad|ae|ag|aa|an|ah|ai|bi|bs|bl|cf|cs|ch|ci|cl|co|ct|cn|cy|de|df|dg|di|do|dt|dh|ec|ed|em|en|ep|es|et|eh"
    "|ge|gd|hi|im|in|ip|ir|iv|lj|me|mt|mi|mo|nu|og|ps|pd|pk|pa|pc|pp|py|ph|pt|po|pr|px|ra|rt|ri|re|rh|st|sn|sd"
    "|sc|se|su|td|th|tm|to|tr|tu|ul|ut|ve|vi"
)
_MARKS: tuple[_Mark, ...] = (
    _mark("Ovid", "exp X/", "exp", r"(?:^|[\s(*])exp(?:\s+\*?|\s*\*)\s*[\"“]?[^/\[\]\n\"]{2,90}/"),
    _mark(
        "Ovid",
        ".ti,ab.",
        ".",
        rf"\.\s?(?:{_OVID_FIELDS})(?:\s?,\s?(?:{_OVID_FIELDS}))+\.?(?=$|[\s)\]\"'\[;.])",
    ),
    _mark("Ovid", ".tw.", ".", rf"(?<=[\w)\]*$?\"”'])\.(?:{_OVID_FIELDS})\.(?=$|[\s)\]\"'\[;,])"),
    _mark("Ovid", "adjN", "adj", r"(?<=[\w)*$?\"”'])\s+adj\s?\d+\s+(?=[\w(\"“'*])"),
    _mark("Ovid", "or/1-5", "or/ and/ not/", r"(?:^|[\s(])(?:or|and|not)/\s?\d+(?:\s?[-,]\s?\d+)*"),
    _mark(
        "Ovid",
        "X/",
        "/",
        r"(?<![\w' ,()*-])[\w' ,()*-]{4,}+(?<=[\w)])(?<!\band)/(?=\s*(?:$|\)|\bor\b|\band\b|\[|\d+\s*$))",
        certain=False,
    ),
    _mark(
        "Ovid",
        "X/dt",
        "/",
        rf"[A-Za-z)\"”]/(?:{_OVID_SUBHEADINGS})(?:\s?,\s?[a-z]{{2}})*\s*(?:\[[A-Z][^\]]{{0,90}}\]|(?=\s*$))",
    ),
    _mark("Ovid", "[mp=...]", "[mp", r"\[mp\s?="),
    _mark("Ovid", "limit N to", "limit", r"(?:^|\s)limit\s+\d+\s+to\s"),
    _mark("Ovid", "remove duplicates", "remove", r"\bremove duplicates from\s+\d"),
    _mark("Ovid", "use ppez", "use", r"\buse\s+(?:ppez|oemezd|emez|medall|medp|psyf|cctr|coch)\w*\b"),
    _mark("Ovid", "adj", "adj", r"(?<=[\w)*$])\s+adj\s+(?=[\w(])", certain=False),
    _mark("Ovid", "$", "$", r"\w\$\d?(?=$|[\s).,\"'])", certain=False),
    _mark("Ovid", "?", "?", r"\w\?\w", certain=False),
    _mark(
        "Ovid",
        ".tw",
        ".",
        r"(?<=[\w)*])\.(?:ti|ab|tw|mp|pt|sh|kw|kf)(?=$|\s*\)|\s+(?:or|and|not)\b)",
        certain=False,
    ),
    _mark("Ovid", "*.tw", ".", r"(?<=[)*$])\.(?:ti|ab|tw|mp|pt|sh|kw|kf)(?=$|\s*\)|\s+(?:or|and|not)\b)"),
    _mark("Embase.com", "'x'/exp", "/", r"['’][^'\n]{2,90}['’]/(?:exp|de|mj|br|syn)(?:/\w+)*", quoted=True),
    _mark("Embase.com", "/exp", "/", r"\w/(?:exp|de|mj)(?:/mj)?(?=$|[\s)])"),
    _mark("Embase.com", "[...]/lim", "/lim", r"\[[\w\s-]+\]/lim\b"),
    _mark("Embase.com", "/lnk", "/lnk", r"(?:'|\w)/lnk\b"),
    _mark(
        "Embase.com",
        ":ti,ab",
        ":",
        r"(?<=[\w)'\"”*]):(?:ti|ab|kw|tt|de|it|tn)(?:,(?:ti|ab|kw|tt|de|it|ca|ff|dn|tn))+(?=$|[\s)])",
    ),
    _mark(
        "Embase.com",
        ":ti",
        ":",
        r"(?<=[\w)'\"”*]):(?:ti|ab|kw|tt|de|it|py|la|ta|ca|ff|dn|cc|au|df|oa)(?=$|[\s)])",
        certain=False,
    ),
    _mark("Embase.com", "NEAR/n", "near/ next/", r"\b(?:NEAR|NEXT)/\d+\b"),
    *(
        _mark(name, "NEAR/n", "near/ next/", r"\b(?:NEAR|NEXT)/\d+\b")
        for name in ("Cochrane Library", "Web of Science", "ProQuest")
    ),
    _mark("EBSCOhost", 'MH "X"', "mh mm mj mw", r"(?:^|[\s(])M[HMJW]\s+[\"“(]", quoted=True, case=True),
    _mark(
        "EBSCOhost",
        'DE "X"',
        "de su sh kw zu zw",
        r"(?:^|[\s(])(?:DE|SU|SH|KW|ZU|ZW)\s+[\"“]",
        quoted=True,
        case=True,
    ),
    _mark("EBSCOhost", "TI ( )", "(", r"(?:^|[\s(])(?:TI|AB|SU|TX|XB|TI OR AB)\s+\(", case=True),
    _mark("EBSCOhost", ") N3 (", "n w", r"[)\"”*]\s+[NW]\d{1,2}\s+[(\"“\w]", quoted=True, case=True),
    _mark(
        "EBSCOhost", "Limiters", "limiters expanders search", r"\b(?:Limiters|Expanders|Search modes)\s+-\s"
    ),
    _mark(
        "EBSCOhost",
        "TI x",
        "ti ab su tx mw xb",
        r"(?:^|[\s(])(?:TI|AB|SU|TX|MW|XB)\s+(?!AND\b|OR\b|NOT\b)[\"“\w]",
        certain=False,
        quoted=True,
        case=True,
    ),
    _mark(
        "EBSCOhost",
        "N3",
        "n w",
        r"[a-z*]\s+[NW][1-9]\d?\s+(?!AND\b|OR\b|NOT\b)[a-z]{3}",
        certain=False,
        case=True,
    ),
    _mark("Cochrane Library", "MeSH descriptor", "descriptor", r"\bMeSH descriptors?\s*[:\[]"),
    _mark("Cochrane Library", '[mh "X"]', "[mh", r"\[mh\s+[\^\"“'\w]", quoted=True),
    _mark("Cochrane Library", "[mh ^X]", "^", r"\[mh\s*\^", quoted=True),
    _mark("Cochrane Library", "explode all trees", "explode", r"\bexplode (?:all|tree)"),
    _mark("Cochrane Library", ":ti,ab,kw", ":", r"(?<=[\w)'\"”*]):(?:ti,ab,kw|ti,kw,ab|ab,ti,kw|kw)\b"),
    _mark("Cochrane Library", ":ti,ab", ":", r"(?<=[\w)'\"”*]):(?:ti,ab|ab,ti)(?=$|[\s)])"),
    _mark("Cochrane Library", "near/n", "near", r"\)\s+near\s+\("),
    _mark("Cochrane Library", "{or #1-#3}", "{", r"\{\s?(?:or|and)\s+#?\d"),
    _mark("Cochrane Library", "next", "next", r"[\w*]\s+next\s+\w", certain=False),
    _mark(
        "Web of Science",
        "TS=",
        "=",
        r"\b(?:TS|TI|AB|AK|KP|ALL|AU|SO|WC|SU|PY|DT|LA|AD|OG|DO|UT|CU|FO|TOPIC)\s?=\s?[(\"“\w]",
        quoted=True,
        case=True,
    ),
    _mark("Web of Science", "Topic:", ":", r"\b(?:TOPIC|TITLE):\s?[(\"“]", quoted=True, case=True),
    _mark("Web of Science", "Topic=", "topic", r"\bTopic\s?=\s?[(\"“\w]", quoted=True),
    _mark("Web of Science", "(Topic)", "(topic)", r"\(Topic\)(?=\s*(?:$|\)|and\b|or\b|not\b))"),
    _mark("Web of Science", "Indexes=", "=", r"\b(?:Indexes|Timespan)\s?="),
    _mark("Scopus", "TITLE-ABS-KEY", "-abs", r"\bTITLE-ABS(?:-KEY)?(?:-AUTH)?\s*\("),
    _mark("Scopus", "W/n", "w/ pre/", r"\b(?:W|PRE)/\d+\b"),
    _mark(
        "Scopus",
        "PUBYEAR",
        "pubyear limit-to exclude doctype srctype authkey indexterms affilcountry",
        r"\b(?:PUBYEAR|LIMIT-TO|EXCLUDE|DOCTYPE|SRCTYPE|AUTHKEY|INDEXTERMS|AFFILCOUNTRY)\s*[(<>=]"
        r"|\bPUBYEAR (?:AFT|BEF|IS)\b",
        case=True,
    ),
    _mark("Scopus", "TITLE( )", "(", r"(?:^|[\s(])(?:TITLE|KEY|ABS|ALL)\s?\(", case=True, certain=False),
    _mark(
        "ProQuest",
        "MESH.EXACT",
        ".exact .explode",
        r"\b[A-Z]{2,20}\.(?:EXACT|EXPLODE)\b",
    ),
    _mark(
        "ProQuest",
        "ti,ab( )",
        "(",
        r"(?:^|[\s(])(?:ti|ab|noft|su|all|if)(?:\s?,\s?(?:ti|ab|noft|su|if))+\s?\(",
    ),
    _mark("ProQuest", "noft( )", "noft", r"(?:^|[\s(])noft\s?\("),
    _mark("ProQuest", "ti( )", "(", r"(?:^|[\s(])(?:ti|ab|su|tiab)\([\"“\w]", quoted=True, certain=False),
    _mark("ProQuest", "N/n", "n/ p/", r"\b(?:N|P)/\d+\b", certain=False, case=True),
    _mark(
        "LILACS (BVS)",
        "tw:( )",
        ":",
        r"(?:^|[\s(])(?:tw|mh|mj|ti|ab|db|la|ct|cp)\s?:\s?(?:\(|[\"“])",
        quoted=True,
    ),
    _mark(
        "Europe PMC",
        "TITLE:",
        ":",
        r"\b(?:TITLE_ABS|ABSTRACT|PUB_TYPE|PUB_YEAR|FIRST_PDATE|KW|SRC|HAS_ABSTRACT|AUTH|TITLE):\s?[(\"“\w\[]",
        quoted=True,
        case=True,
    ),
    _mark("arXiv", "ti:", ":", r"(?:^|[\s(])(?:ti|abs|all|cat):[\"“\w]", quoted=True),
    _mark("Google Scholar", "allintitle:", ":", r"\b(?:allintitle|intitle|inauthor|intext)\s?:"),
    _mark(
        "IEEE Xplore",
        '"All Metadata":',
        ":",
        r"[\"“](?:All Metadata|Document Title|Abstract|Index Terms|Author Keywords)[\"”]\s?:",
        quoted=True,
    ),
    _mark(
        "ACM Digital Library",
        "Title:( )",
        ":",
        r"\b(?:acmdlTitle|recordAbstract|Title|Abstract|Keyword)\s?:\s?\(",
        case=True,
    ),
    _mark(
        "ACM Digital Library",
        "[Title: ]",
        "[",
        r"\[(?:Title|Abstract|All|Keywords|Publication Title|Full Text):\s",
    ),
    _mark("ClinicalTrials.gov", "AREA[ ]", "[", r"\b(?:AREA|SEARCH|EXPAND|COVER)\["),
    _mark("STN or Dialog", "(3w)", "(", r"\w\s?\(\d*[wnls]\)\s?\w", certain=False),
    _mark(_OTHER, "DE=( )", "=(", r"(?<![\w-])(?!OR|RR|HR|SD|CI)[A-Z]{2}=\(", case=True),
    _mark(
        _OTHER,
        "de=x",
        "=",
        r"(?<![\w-])(?:de|kw|ti|ab|su|ts|ak|py)\s?=\s?[\w(\"“]",
        certain=False,
        quoted=True,
        case=True,
    ),
    _mark(_OTHER, "field:( )", ":(", r"(?:^|[\s(])[a-z_]{2,20}:\(", certain=False, case=True),
    _mark("STN or Dialog", "/TI,AB", "/", r"[\w)]/(?:ti|ab|bi|ct|it),(?:ti|ab|bi|ct|it)\b"),
    _mark(
        "CNKI or Wanfang", "SU=", "= %", r"\b(?:SU|TKA|TI|KY|AB|FT)\s?[=%]\s?['‘(“\"]", quoted=True, case=True
    ),
    _mark(
        "CNKI or Wanfang",
        "主题",
        "主题 题名 摘要 关键词",
        r"(?:主题|题名|摘要|关键词|题名或关键词)\s?[:=：(（]",
    ),
)
_READS = {
    "Ovid": "PubMed would read adj, exp and the fields as words",
    "Embase.com": "PubMed would read the fields and operators as words",
    "EBSCOhost": "PubMed would read the prefixes and N3 as words",
}
_OTHERWISE = "PubMed would read its fields and operators as words"
_TAG = re.compile(r"\[([^\[\]]{1,64})\]")
_QUOTES = re.compile(r"\"[^\"\n]*+\"|“[^“”\n]*+”")
_RARE = 10  # so many tags of PubMed to one mark make the mark a slip in a search of PubMed's


def _field(match: re.Match[str]) -> str:
    """The field that a tag names."""
    return match[1].partition(":")[0].strip().lower()


def pubmed_tags(text: str) -> int:
    """How many field tags of PubMed's stand in a text."""
    return sum(1 for m in _TAG.finditer(text) if _field(m) in BY_NAME)


@lru_cache(maxsize=8)
def _marks(text: str) -> tuple[tuple[_Mark, tuple[tuple[int, int], ...]], ...]:
    """The marks in a text with their places; a search is asked several times, by lint and by what runs it."""
    whole = _TAG.sub(_blanked_tag, text)
    bare = _QUOTES.sub(lambda m: '"' + "x" * (len(m[0]) - 2) + '"', whole)
    small = whole.lower()
    found = []
    for mark in _MARKS:
        if not any(sign in small for sign in mark.needs):
            continue
        if spans := tuple(_trimmed(m) for m in mark.pattern.finditer(whole if mark.quoted else bare)):
            found.append((mark, spans))
    return tuple(found)


def foreign(text: str) -> Foreign | None:
    """The platform whose syntax a text is written in, None when it may be PubMed's."""
    seen: dict[str, Counter[str]] = {}
    certain: Counter[str] = Counter()
    where: dict[str, tuple[int, int]] = {}
    possible: Counter[str] = Counter()
    for mark, spans in _marks(text):
        seen.setdefault(mark.platform, Counter())[mark.name] += len(spans)
        (certain if mark.certain else possible)[mark.platform] += len(spans)
        where[mark.platform] = min(where.get(mark.platform, spans[0]), spans[0])
    tags = pubmed_tags(text)
    platforms = [name for name in seen if certain[name] or possible[name] > 1]
    if not platforms:
        return None
    best = max(platforms, key=lambda name: (certain[name] > 0, 3 * certain[name] + possible[name]))
    if tags and not certain[best]:
        return None
    if tags >= _RARE * (sum(certain.values()) or 1):
        return None
    size = sum(1 for line in text.splitlines() if line.strip())
    marks = tuple(sorted(seen[best].items(), key=lambda item: (-item[1], item[0])))
    return Foreign(best, marks, size, *where[best], _READS.get(best, _OTHERWISE))


def slips(text: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Certain marks of other platforms in a search of PubMed's: where each kind stands."""
    return {f"{mark.name} of {mark.platform}": spans for mark, spans in _marks(text) if mark.certain}


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Where a mark stands, without blanks around it."""
    text = match[0]
    return match.start() + len(text) - len(text.lstrip()), match.start() + len(text.rstrip())


def _blanked_tag(match: re.Match[str]) -> str:
    """PubMed's own tags, which hold words that are marks elsewhere (`[mh]`, `[ti]`), as blanks."""
    return "\x02" * len(match[0]) if _field(match) in BY_NAME else match[0]
