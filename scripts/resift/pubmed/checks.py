"""What makes an answer the answer to its question: its kind, its count, its ids.

Pure functions of a request and a body. An answer goes onto the tape only after it passed here: nothing in it
that was not asked for, nothing twice, every number well-formed, and whatever is missing named, so that it
can be asked for again. An answer that is wrong in itself and agrees with itself (one hit and the Count less
by one) cannot be told from a right one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from resift.pubmed.source import Endpoint, Request

# esearch gives ids 0..9998 of a set since 2022; the documentation still says 10,000.
WINDOW = 9_999
# More than PubMed holds for long (39 million records in 2025).
MOST_RECORDS = 90_000_000
# 500 long records have some 600,000; a tree of more tags would fill the memory of a small machine.
MOST_TAGS = 2_500_000

NUMBER = re.compile(r"[0-9]{1,9}")
PMID = re.compile(r"[1-9][0-9]{0,8}")
RECORDS = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
OWN_IDS = "PubmedData/ArticleIdList/ArticleId"
_TOLD_OF_NOTHING = ("QueryTranslation", "ErrorList/*", "WarningList/*")
_NO_LETTER = re.compile(r"[^0-9A-Za-z]+")
# What ecitmatch appends to a line: a PMID, several, or words in capitals.
MATCHED = re.compile(r"(NOT_FOUND|AMBIGUOUS)[\x20-\x7e]*|[1-9][0-9]{0,8}([,; ]+[1-9][0-9]{0,8})*|")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why an answer is not usable: one sentence. `missing`: it is right but for ids that it leaves out.
    `doubt`: it is usable, and should be heard twice."""

    reason: str
    missing: frozenset[str] = frozenset()
    doubt: bool = False


def flaw(request: Request, body: bytes, root: etree._Element | None) -> Flaw | None:
    """The first thing wrong with an answer, None when it may be kept. `root`: its tree, when it is XML."""
    if request.endpoint is Endpoint.ECITMATCH:
        return _matches(request, body) if root is None else Flaw("XML where lines of text were expected")
    if request.endpoint is Endpoint.CITMATCH:
        return _candidates(body) if root is None else Flaw("XML where JSON was expected")
    if root is None:
        if request.get("retmode") == "json":
            return None
        return Flaw("JSON where XML was asked for")
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    if encoding not in ("UTF-8", "US-ASCII", "ASCII"):
        return Flaw(f"an answer in {encoding}, where the E-utilities send UTF-8")
    check = _CHECKS.get(request.endpoint)
    return check(request, root) if check else None


def _search(request: Request, root: etree._Element) -> Flaw | None:
    counts, lists = root.findall("Count"), root.findall("IdList")
    if root.tag != "eSearchResult" or len(counts) != 1 or not NUMBER.fullmatch(counts[0].text or ""):
        return Flaw("a search result without one Count")
    count = int(counts[0].text or "")
    if count > MOST_RECORDS:
        return Flaw(f"a Count of {count:,}, more than PubMed holds")
    retmax, retstart = _number(request, "retmax", 20), _number(request, "retstart", 0)
    if root.findtext("RetStart", str(retstart)) != str(retstart):
        return Flaw("a page of the result that was not asked for")
    expected = max(0, min(retmax, WINDOW - retstart, count - retstart))
    if len(lists) != 1 and (expected or lists):
        return Flaw("a search result without one IdList")
    ids = [e.text or "" for e in root.iterfind("IdList/*")]
    if len(ids) != expected:
        return Flaw(f"{len(ids)} ids where Count and retmax promise {expected}")
    wrong = _malformed(ids) or _twice(ids)
    if wrong is None and not count and not any(root.findtext(told) for told in _TOLD_OF_NOTHING):
        # PubMed repeats the query and says "No items found." with every zero, honest or broken.
        return Flaw("nothing found, and no word of what was searched for")
    if wrong is None and retmax and not count:
        return Flaw("nothing found", doubt=True)
    return wrong


def _records(request: Request, root: etree._Element) -> Flaw | None:
    asked = _asked(request)
    if root.tag == "eFetchResult":
        return Flaw("an error in place of records")
    if root.tag != "PubmedArticleSet":
        return Flaw(f"<{root.tag}> where records were asked for")
    given: list[str] = []
    deleted: list[str] = []
    parts: list[Flaw] = []
    for element in root.iterchildren(tag=etree.Element):
        if element.tag == "DeleteCitation":
            deleted += [(e.text or "").strip() for e in element.iterchildren("PMID")]
        elif element.tag in RECORDS:
            pmid = (element.findtext(RECORDS[str(element.tag)]) or "").strip()
            given.append(pmid)
            parts += filter(None, [_incomplete(element, pmid)])
        else:
            return Flaw(f"<{element.tag}> among the records")
    wrong = _malformed([*given, *deleted]) or _twice(given) or _strange([*given, *deleted], asked)
    return wrong or next(iter(parts), None) or _missing(request, asked, given, "records")


def _incomplete(element: etree._Element, pmid: str) -> Flaw | None:
    """A record without its Article, which NLM's DTD requires, or one that is another's by its own ids."""
    if element.tag != "PubmedArticle":
        return None
    if element.find("MedlineCitation/Article") is None:
        return Flaw(f"the record of {pmid[:20]} has no Article")
    own = [e.text for e in element.iterfind(OWN_IDS) if e.get("IdType") == "pubmed"]
    other = next((text for text in own if (text or "").strip() != pmid), None)
    return None if other is None else Flaw(f"the record of {pmid[:20]} is that of {other[:20]}")


def _summaries(request: Request, root: etree._Element) -> Flaw | None:
    if root.tag != "eSummaryResult":
        return Flaw(f"<{root.tag}> where summaries were asked for")
    asked = _asked(request)
    said = [(e.get("uid", ""), e) for e in root.iter("DocumentSummary")]
    given = [uid for uid, e in said if e.find("DocType") is not None or e.findtext("error")]
    wrong = _malformed([uid for uid, _ in said]) or _twice(given) or _strange(given, asked)
    return wrong or _missing(request, asked, given, "summaries")


def _links(request: Request, root: etree._Element) -> Flaw | None:
    if root.tag != "eLinkResult":
        return Flaw(f"<{root.tag}> where links were asked for")
    asked = _asked(request)
    name = request.get("linkname")
    about: list[str] = []
    linked: list[str] = []
    for link_set in root.iterchildren(tag=etree.Element):
        ids = [e.text or "" for e in link_set.iterfind("IdList/*")]
        if link_set.tag != "LinkSet" or len(ids) != 1:
            return Flaw("a set of links that is not about one record")
        about += ids
        for found in link_set.iterfind("LinkSetDb"):
            if name and found.findtext("LinkName") != name:
                return Flaw("links of another kind than asked for")
            to = [e.findtext("Id") or "" for e in found.iterfind("Link")]
            if not to:
                return Flaw("a list of links without links")
            linked += to
    wrong = _malformed([*about, *linked]) or _twice(about) or _strange(about, asked)
    wrong = wrong or _missing(request, asked, about, "sets of links")
    if wrong is None and not linked:
        return Flaw("no links at all", doubt=True)
    return wrong


def _database(request: Request, root: etree._Element) -> Flaw | None:
    if root.tag != "eInfoResult":
        return Flaw(f"<{root.tag}> where a description of the database was asked for")
    name = root.findtext("DbInfo/DbName")
    if name not in (None, request.get("db")) or not root.findtext("DbInfo/DbBuild"):
        return Flaw("no description of the database asked for")
    return None


def _matches(request: Request, body: bytes) -> Flaw | None:
    """Lines of text, each as it was sent with the outcome appended; one may be missing, none may be cut."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Flaw("text that is not UTF-8")
    if not text.endswith("\n"):
        return Flaw("the last line is cut short")
    sent = [line.split("|") for line in request.get("bdata").split("\r")]
    asked = {cells[5]: cells[:5] for cells in sent if len(cells) > 5}
    given = []
    outcomes = []
    for line in filter(None, map(str.strip, text.replace("\r", "\n").split("\n"))):
        cells = line.split("|")
        outcome = "|".join(cells[6:]).strip(" |")
        if len(cells) < 7 or not MATCHED.fullmatch(outcome):
            return Flaw(f"a line that is no citation: {line}")
        key = cells[5].strip()
        if not _same_citation(asked.get(key, cells[:5]), cells[:5]):
            return Flaw(f"another citation than was sent as {key}: {'|'.join(cells[:5])}")
        given.append(key)
        outcomes.append(outcome)
    wrong = _twice(given) or _strange(given, asked) or _missing(request, tuple(asked), given, "citations")
    if wrong is None and not any(outcome[:1].isdigit() for outcome in outcomes):
        return Flaw("no citation found", doubt=True)
    return wrong


def _same_citation(sent: Sequence[str], said: Sequence[str]) -> bool:
    """Whether a line is the one that was sent, but for the signs and letters that a server may write anew."""
    return all(
        _NO_LETTER.sub("", one).lower() == _NO_LETTER.sub("", other).lower()
        for one, other in zip(sent, said, strict=True)
        if one.isascii()
    )


def _candidates(body: bytes) -> Flaw | None:
    """The citation matcher for raw text: JSON that names none, one or several PMIDs."""
    try:
        said = json.loads(body)
        result = said["result"]
        pmids = [str(found["pubmed"]) for found in result.get("uids", ())]
        agrees = said["success"] is True and int(result["count"]) == len(pmids)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Flaw("not an answer of the citation matcher")
    if not agrees:
        return Flaw("the citation matcher contradicts itself")
    return _malformed(pmids) or _twice(pmids) or (None if pmids else Flaw("no record found", doubt=True))


def _asked(request: Request) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pmid for value in request.every("id") for pmid in value.split(",")))


def _number(request: Request, name: str, default: int) -> int:
    text = request.get(name)
    return int(text) if NUMBER.fullmatch(text) else default


def _malformed(ids: Iterable[str]) -> Flaw | None:
    wrong = next((pmid for pmid in ids if not PMID.fullmatch(pmid)), None)
    return None if wrong is None else Flaw(f"'{wrong[:20]}' is not a PMID")


def _twice(ids: Sequence[str]) -> Flaw | None:
    wrong = next((pmid for pmid, n in Counter(ids).items() if n > 1), None)
    return None if wrong is None else Flaw(f"{wrong[:20]} comes twice")


def _strange(given: Iterable[str], asked: Iterable[str]) -> Flaw | None:
    known = set(asked)
    wrong = next((pmid for pmid in given if pmid not in known), None)
    return None if wrong is None else Flaw(f"{wrong[:20]} was not asked for")


def _missing(request: Request, asked: Sequence[str], given: Iterable[str], what: str) -> Flaw | None:
    missing = frozenset(asked).difference(given).difference(request.asking.absent)
    if not missing:
        return None
    return Flaw(f"{len(missing)} of {len(asked)} {what} did not come", missing=missing)


_CHECKS: dict[Endpoint, Callable[[Request, etree._Element], Flaw | None]] = {
    Endpoint.ESEARCH: _search,
    Endpoint.EFETCH: _records,
    Endpoint.ESUMMARY: _summaries,
    Endpoint.ELINK: _links,
    Endpoint.EINFO: _database,
}
