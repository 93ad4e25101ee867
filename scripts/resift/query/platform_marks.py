"""The marks of other platforms' syntax, by which a search of theirs is told from one of PubMed's.

A *certain* mark (`exp Asthma/`, `'asthma'/exp`, `TITLE-ABS-KEY(`) is written nowhere in PubMed; a *possible*
one (`N3`, `TI asthma`, `$`) can also be a word there (`foreign.py` says what that means). The syntax is that
of each platform's own help pages and of published strategies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Mark:
    """A mark of a platform: what finds it, and what to call it."""

    platform: str
    name: str
    needs: tuple[str, ...]  # one of these stands in every such mark: a text without them is not searched
    expression: str
    flags: re.RegexFlag
    certain: bool = True
    quoted: bool = False  # looked for in the text with its quotation marks

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text is searched for it: a hundred of them take longer than most checks."""
        return re.compile(self.expression, self.flags)


def _mark(platform: str, name: str, needs: str, pattern: str, *, certain: bool = True, quoted: bool = False,
          case: bool = False) -> Mark:  # fmt: skip
    flags = re.MULTILINE if case else re.MULTILINE | re.IGNORECASE
    # Blanks without end, twice in a pattern, would take time by the square of a run of blanks.
    bounded = pattern.replace(r"\s*", r"\s{0,9}").replace(r"\s+", r"\s{1,9}")
    return Mark(platform, name, tuple(needs.split()), bounded, flags, certain, quoted)


OTHER = "another platform's"
_OVID_FIELDS = (
    "ti|ab|tw|mp|kw|kf|pt|sh|hw|nm|rn|ot|ox|rs|rx|px|ps|in|jn|jw|ja|au|fs|id|tn|dv|dm|mf|af|tx|fx|yr|dt|dp|lg"
    "|la|ec|ez|ed|ui|up|bt|kp|cp|go|tc|de|di|cw|gw|tm|oa|os|dq|an|so|as|co|ct|md|pm|is|cn|m_titl"
)
_OVID_SUBHEADINGS = (
    "ab|ad|ae|ag|aa|an|ah|ai|bi|bs|bl|cf|cs|ch|ci|cl|co|ct|cn|cy|de|df|dg|di|do|dt|dh|ec|ed|em|en|ep|es|et|eh"
    "|ge|gd|hi|im|in|ip|ir|iv|lj|me|mt|mi|mo|nu|og|ps|pd|pk|pa|pc|pp|py|ph|pt|po|pr|px|ra|rt|ri|re|rh|st|sn|sd"
    "|sc|se|su|td|th|tm|to|tr|tu|ul|ut|ve|vi"
)
MARKS: tuple[Mark, ...] = (
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
    _mark("Ovid", '"X"/', "/", r"[\"”]/(?=\s*(?:$|\)|\bor\b|\band\b|\[))"),
    _mark("Ovid", ".dt,da.", ".", r"(?<=[\w)\]*$?\"”'])\.[a-z]{2}(?:,[a-z]{2})+\."),
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
    _mark("Embase.com", "/exp", "/", r"[\w\"”’]/(?:exp|de|mj)(?:/mj)?(?=$|[\s)])"),
    _mark("Embase.com", "[...]/lim", "/lim", r"\[[\w\s-]+\]/lim\b"),
    _mark("Embase.com", "/lnk", "/lnk", r"(?:'|\w)/lnk\b"),
    _mark(
        "Embase.com",
        ":ti,ab",
        ":",
        r"(?<=[\w)'\"”’*])\s?:(?:ti|ab|kw|tt|de|it|tn)(?:,\s?(?:ti|ab|kw|tt|de|it|ca|ff|dn|tn))+(?=$|[\s)])",
    ),
    _mark(
        "Embase.com",
        ":ti",
        ":",
        r"(?<=[\w)'\"”*]):(?:ti|ab|kw|tt|de|it|py|la|ta|ca|ff|dn|cc|au|df|oa)(?=$|[\s)])",
        certain=False,
    ),
    *(
        _mark(name, "( ):ti", ":", r"\)\s?:(?:ti|ab|kw)(?=$|[\s)])")
        for name in ("Embase.com", "Cochrane Library")
    ),
    _mark("Embase.com", "NEAR/n", "near/ next/", r"\b(?:NEAR|NEXT)/\d+\b"),
    *(
        _mark(name, "NEAR/n", "near/ next/", r"\b(?:NEAR|NEXT)/\d+\b")
        for name in ("Cochrane Library", "Web of Science", "ProQuest")
    ),
    _mark(
        "EBSCOhost", 'MH "X"', "mh mm mj mw", r"(?:^|[\s(])M[HMJW]\s+(?:\(\s?)?[\"“]", quoted=True, case=True
    ),
    _mark(
        "EBSCOhost",
        'DE "X"',
        "de su sh kw zu zw",
        r"(?:^|[\s(])(?:DE|SU|SH|KW|ZU|ZW)\s+[\"“]",
        quoted=True,
        case=True,
    ),
    _mark("EBSCOhost", "MH X+", "mh mm", r"\bM[HM]\s+[A-Z][A-Za-z ,-]{2,60}\+", case=True),
    _mark("EBSCOhost", 'ZC "x"', "z", r"(?:^|[\s(])Z[A-Z]\s+[\"“]", quoted=True, case=True),
    _mark(
        "EBSCOhost",
        "ti x or ab x",
        "ti ab",
        r"\b(ti|ab)\s+([\w*]+)\s+or\s+(?!\1)(?:ti|ab)\s+\2(?![\w*])",
    ),
    _mark("EBSCOhost", "TI ( )", "(", r"(?:^|[\s(])(?:TI|AB|SU|TX|XB|TI OR AB)\s+\(", case=True),
    _mark("EBSCOhost", ") N3 (", "n w", r"[)\"”*]\s+[NW]\d{1,2}\s+[(\"“\w]", quoted=True, case=True),
    _mark(
        "EBSCOhost", "Limiters", "limiters expanders search", r"\b(?:Limiters|Expanders|Search modes)\s+-\s"
    ),
    _mark(
        "EBSCOhost",
        "TI x",
        "ti ab su tx mw xb mh mm pt",
        r"(?:^|[\s(])(?:TI|AB|SU|TX|MW|XB|MH|MM|PT)\s+(?!AND\b|OR\b|NOT\b)[\"“\w]",
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
    _mark(
        "Cochrane Library", ":ti,ab,kw", ":", r"(?<=[\w)'\"”*])\s?:(?:ti,\s?ab,\s?kw|ti,kw,ab|ab,ti,kw|kw)\b"
    ),
    _mark("Cochrane Library", ":ti,ab", ":", r"(?<=[\w)'\"”*]):(?:ti,ab|ab,ti)(?=$|[\s)])"),
    _mark(
        "Cochrane Library", "Word variations", "variations", r"\bWord variations (?:have been|will be|were)"
    ),
    _mark(
        "Cochrane Library",
        "in Title Abstract Keyword",
        "keyword",
        r"\bin (?:Record )?Title,? ?(?:or )?Abstract,? ?(?:or )?Keywords?\b",
    ),
    _mark(
        "Cochrane Library",
        "in Trials",
        "trials reviews protocols",
        r"(?:^|[\s)\"”])in (?:Trials|Cochrane (?:Reviews|Protocols))\s*$",
        case=True,
    ),
    _mark("Cochrane Library", "near/n", "near", r"\)\s+near\s+\("),
    _mark("Cochrane Library", "{or #1-#3}", "{", r"\{\s?(?:or|and)\s+#?\d"),
    _mark("Cochrane Library", "next", "next", r"[\w*]\s+next\s+\w", certain=False),
    _mark(
        "Web of Science",
        "TS=",
        "=",
        r"\b(?:TS|TI|AB|AK|KP|ALL|AU|SO|WC|SU|PY|DT|LA|AD|OG|DO|UT|CU|FO|TOPIC)"
        r"(?:=(?![\u3040-\u9fff])\w|\s?=\s?[(\"“](?![\u3040-\u9fff]))",
        quoted=True,
        case=True,
    ),
    _mark("Web of Science", "ts=", "ts", r"\bts\s?=\s?[(\"“]", quoted=True),
    _mark("Web of Science", "TS = x", "=", r"\b(?:TS|TI|AB|AK|AU|SO|WC|PY) = ?\w", certain=False, case=True),
    _mark(
        "Web of Science",
        "Topic:",
        "topic: title:",
        r"\b(?:TOPIC|TITLE|Topic|Title):\s?[(\"“]",
        quoted=True,
        case=True,
    ),
    _mark(
        "Web of Science",
        "ALL FIELDS:",
        "fields: types: language: refined timespan",
        r"\b(?:ALL FIELDS|DOCUMENT TYPES|LANGUAGE|RESEARCH AREAS):\s?\(|\bRefined by:|\bTimespan:",
        case=True,
    ),
    _mark("Web of Science", "Topic=", "topic", r"\bTopic\s?=\s?[(\"“\w]", quoted=True),
    _mark(
        "Web of Science",
        "(Topic)",
        "(topic) (all (author (keyword",
        r"\((?:Topic|All Fields|Author Keywords|Keyword Plus)\)(?=\s*(?:$|\)|and\b|or\b|not\b))",
    ),
    _mark("Web of Science", "Indexes=", "=", r"\b(?:Indexes|Timespan)\s?="),
    _mark("Scopus", "TITLE-ABS-KEY", "-abs", r"\bTITLE-ABS(?:-KEY(?:-AUTH)?\b\s*\(?|\s*\()"),
    _mark("Scopus", "W/n", "w/ pre/", r"\b(?:W|PRE)/\d+\b"),
    _mark(
        "Scopus",
        "PUBYEAR",
        "pubyear limit-to exclude doctype srctype authkey indexterms affilcountry",
        r"\b(?:PUBYEAR|LIMIT-TO|EXCLUDE|DOCTYPE|SRCTYPE|AUTHKEY|INDEXTERMS|AFFILCOUNTRY)\s*[(<>=]"
        r"|\bPUBYEAR (?:AFT|BEF|IS)\b",
        case=True,
    ),
    _mark(
        "Scopus",
        "AFFIL( )",
        "(",
        r"\b(?:(?:AFFIL|AUTHLASTNAME|REFTITLE|SRCTITLE|SUBJAREA|CHEMNAME|CASREGNUMBER)\s?\(|(?:AUTH|REF)\()",
        case=True,
    ),
    _mark("Scopus", "TITLE()", "title(", r"(?:^|[\s(])TITLE\([\"“\w]", quoted=True, case=True),
    _mark("Scopus", "ALL()", "all(", r"(?:^|[\s(])ALL\([^()]{0,200}\b(?:AND|OR)\b", case=True),
    _mark(
        "ScienceDirect",
        "tak()",
        "abstr tak( abstract",
        r"\bTITLE-ABSTR-KEY|(?:^|[\s(])tak\("
        r"|\bTitle, abstract,? (?:or |and )?(?:author-specified )?keywords?\s?:",
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
    _mark(
        "ProQuest", "noft( )", "noft ft( all( tiab(", r"(?:^|[\s(])(?:noft\s?\(|(?-i:all|ft|tiab)\([\"\w])"
    ),
    _mark(
        "ProQuest", "ti( )", "(", r"(?:^|[\s(])(?:ti|ab|su|tiab|if|pd)\([\"“\w]", quoted=True, certain=False
    ),
    _mark("ProQuest", "N/n", "n/ p/", r"\b(?:N|P)/\d+\b", certain=False, case=True),
    _mark(
        "LILACS (BVS)",
        "tw:( )",
        ":",
        r"(?:^|[\s(])(?:tw|mh|mj|ti|ab|db|la|ct|cp)\s?:\s?(?:\(|[\"“])",
        quoted=True,
    ),
    _mark(
        "LILACS (BVS)",
        "ti:x",
        ":",
        r"(?:^|[\s(])(?:tw|mh|mj|ti|ab|db|la):[\w\"“]",
        quoted=True,
    ),
    _mark(
        "LILACS (BVS)",
        "[Palavras]",
        "[",
        r"\[(?:Palavras|Palabras|Words|Descritor|Descriptor|Subject descriptor)\b[^\[\]\n]{0,30}\]",
    ),
    _mark("CNKI or Wanfang", "[常用字段]", "[", r"\[[^\[\]\n]{0,20}[\u4e00-\u9fff][^\[\]\n]{0,20}\]"),
    _mark(
        "CNKI or Wanfang",
        "U=哮喘",
        "= %",
        r"\b[A-Z]{1,4}\s?[=%]\s?['‘(“\"]?[\u4e00-\u9fff]",
        quoted=True,
        case=True,
    ),
    _mark("OpenAlex", "title.search:", ".search:", r"\b[a-z_]{3,20}\.search:"),
    _mark(
        "Dimensions",
        "search publications",
        "search",
        r"\bsearch\s+(?:publications|grants|clinical_trials)\b[^\n]{0,400}\breturn\b",
    ),
    _mark(
        "PsycNET", "Any Field:", ":", r"\b(?:Any Field|Population Group|Index Terms|Test Name):\s", case=True
    ),
    _mark("Google", "site:", ":", r"(?:^|[\s(-])(?:site|filetype|inurl):\w"),
    _mark(
        "Europe PMC",
        "HAS_FT:",
        ":",
        r"\b[A-Z]{2,12}_[A-Z_]{2,16}:[(\"“\w\[]",
        quoted=True,
        case=True,
    ),
    _mark(
        "Europe PMC",
        "TITLE:",
        ":",
        r"\b(?:TITLE_ABS|ABSTRACT|PUB_TYPE|PUB_YEAR|FIRST_PDATE|KW|SRC|HAS_ABSTRACT|AUTH|TITLE):\s?[(\"“\w\[]",
        quoted=True,
        case=True,
    ),
    _mark("arXiv", "ti:", ":", r"(?:^|[\s(])(?:(?:ti|abs):[\"“\w]|all:[\"“]|cat:[a-z-]+\.)", quoted=True),
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
        r"\b(?:acmdlTitle|recordAbstract|Title|Abstract|Keyword|AllField|Fulltext|ContentGroupTitle)\s?:\s?\(",
        case=True,
    ),
    _mark(
        "ACM Digital Library",
        "[Title: ]",
        "[",
        r"\[(?:Title|Abstract|All|Keywords|Publication Title|Full Text):\s",
    ),
    _mark("ClinicalTrials.gov", "AREA[ ]", "[", r"\b(?:AREA|SEARCH|EXPAND|COVER)\["),
    _mark(
        "ClinicalTrials.gov",
        "Recruiting | x",
        "|",
        r"(?:^|\|)\s*(?:Recruiting|Not yet recruiting|Completed|Interventional Studies?)[^|\n]{0,60}\|",
        case=True,
    ),
    _mark(
        "ClinicalTrials.gov",
        "Condition: x",
        ":",
        r"\b(?:Condition(?: or disease)?|Intervention(?:/treatment)?|Other terms|Study type)\s?:\s",
        certain=False,
        case=True,
    ),
    _mark(
        "SilverPlatter",
        "in ti,ab",
        " in ",
        r"\bin\s+(?:ti|ab|de|mesh|mj|tw)(?:\s?,\s?(?:ti|ab|de|mesh|mj|tw))+\b",
    ),
    _mark(
        "SilverPlatter",
        "in ti",
        " in ",
        r"\bin\s+(?:ti|ab|mesh)\b(?=\s*(?:$|\)|and\b|or\b|not\b))",
        certain=False,
    ),
    _mark("SilverPlatter", "all subheadings", "subheadings", r"/\s*all\s+(?:topical\s+)?subheadings"),
    _mark("STN or Dialog", "(3w)", "(", r"\w\s?\(\d*[wnls]\)\s?\w", certain=False),
    _mark(
        "a patent office's",
        "TTL/",
        "ttl/ abst/ aclm/",
        r"\b(?:TTL|ABST|ACLM)/[\w(\"“]",
        quoted=True,
        case=True,
    ),
    _mark(OTHER, "in:title", "in:", r"(?:^|[\s(])in:(?:title|abstract|ti|ab)\b"),
    _mark(OTHER, "JSON", "{", r"\A\s*\[?\s*\{\s*\"[\w.-]+\"\s*:", quoted=True),
    _mark(
        OTHER,
        "la=( )",
        "=",
        r"(?<![\w-])(?:ss|la|ti|ab|su|kw|au|de|tw|mh)\s?=\s?\(",
    ),
    _mark(OTHER, 'su:"x"', ":", r"(?:^|[\s(])(?:su|kw|de|au|yr):[\w\"“(]", quoted=True, case=True),
    _mark(OTHER, "DE=( )", "=(", r"(?<![\w-])(?!OR=|RR=|HR=|SD=|CI=)[A-Z]{2,4}=\(", case=True),
    _mark(
        OTHER,
        "de=x",
        "=",
        r"(?<![\w-])(?:de|kw|ti|ab|su|ts|ak|py)\s?=\s?[\w(\"“]",
        certain=False,
        quoted=True,
        case=True,
    ),
    _mark(OTHER, "field:( )", ":(", r"(?:^|[\s(])[a-z_]{2,20}:\(", certain=False, case=True),
    _mark("STN or Dialog", "/TI,AB", "/", r"[\w)?]/(?:ti|ab|bi|ct|it),(?:ti|ab|bi|ct|it)\b"),
    _mark("CNKI or Wanfang", "SU=", "= %", r"\b(?:SU|TKA|TI|KY|AB|FT)\s?[=%]\s?['‘]", quoted=True, case=True),
    _mark(
        "CNKI or Wanfang",
        "主题",
        "主题 题名 摘要 关键词",
        r"(?:主题|题名|摘要|关键词|题名或关键词)\s?[:=：(（]",
    ),
)
