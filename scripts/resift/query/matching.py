"""One term of a query over a whole table: which records match, and where nothing can be said.

What a missing field means (so that answers agree with PubMed's):
- no abstract: PubMed searches the title alone and answers no, so do we;
- no headings: PubMed answers no for a record that it has not indexed (status other than MEDLINE); for
  a record marked MEDLINE, or of unknown status, the copy lost them and the answer is *unknown*;
- no publication type, no language, no date of a kind: every PubMed citation has them, so *unknown*;
- headings without a single star: indexing stars at least one, so stars and subheadings were lost and
  what hangs on them is *unknown*;
- anything else empty (substances, affiliations, ...): no, unless the copy is cut down.
Whoever must know that a field was missing although PubMed answers no asks for `absent`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

import numpy as np

from resift.query import fields as f
from resift.query.dates import Span, is_relative, read_date, read_relative
from resift.query.fields import Field, Kind
from resift.query.headings import Headings, families, heading_term
from resift.query.languages import language_codes
from resift.query.mesh import MeshTree, normalise_heading
from resift.query.nodes import Leaf, Proximity, Range
from resift.query.pattern import Pattern, near, pattern
from resift.query.stopwords import STOPWORDS
from resift.query.subsets import subset
from resift.query.syntax import MINIMUM_BEFORE_WILDCARD, UNLIMITED_TRUNCATION_SINCE
from resift.query.table import Corpus, Facet, Mask, QueryTable
from resift.query.text import normalise

# What each text field searches: PubMed User Guide, "Title/Abstract [tiab]", "Text Words [tw]", "All
# Fields [all]". Text columns first, then coded lists.
TEXT_SOURCES: dict[Field, tuple[tuple[str, ...], tuple[str, ...]]] = {
    f.TITLE: (("title",), ()),
    f.TITLE_ABSTRACT: (("title", "abstract"), ("keywords",)),
    f.OTHER_TERM: ((), ("keywords",)),
    f.TRANSLITERATED_TITLE: (("vernacular",), ()),
    f.AFFILIATION: (("affiliation",), ()),
    f.CORPORATE_AUTHOR: ((), ("collective",)),
    f.TEXT_WORD: (
        ("title", "abstract"),
        ("keywords", "mesh", "publication_types", "substances", "supplementary", "collective", "registries"),
    ),
    f.ALL: (
        ("title", "abstract", "affiliation"),
        (
            "keywords", "mesh", "publication_types", "substances", "supplementary", "collective",
            "registries",
            "authors", "journal", "registry_numbers", "identifiers", "grants", "volume", "issue", "pages",
        ),
    ),
}  # fmt: skip
LIST_SOURCES: dict[Field, tuple[str, ...]] = {
    f.JOURNAL: ("journal",),
    f.SUPPLEMENTARY_CONCEPT: ("substances", "supplementary"),
    f.REGISTRY_NUMBER: ("registry_numbers",),
    f.VOLUME: ("volume",),
    f.ISSUE: ("issue",),
    f.PAGES: ("pages",),
    f.GRANT: ("grants",),
    f.SECONDARY_SOURCE: ("registries",),
    f.ARTICLE_IDENTIFIER: ("identifiers",),
    f.LOCATION: ("identifiers",),
}
DATE_SOURCES: dict[Field, tuple[str, ...]] = {
    f.PUBLICATION_DATE: ("print_date", "electronic_date"),
    f.PRINT_DATE: ("print_date",),
    f.ELECTRONIC_DATE: ("electronic_date",),
    f.ENTRY_DATE: ("entrez_date",),
    f.CREATE_DATE: ("entered",),
    f.MESH_DATE: ("mesh_date",),
    f.MODIFICATION_DATE: ("revised",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Masks over the records: `yes`, `unknown` (PubMed's answer cannot be told), `absent` (field empty).

    Neither `unknown` nor `absent` overlaps with `yes`.
    """

    yes: Mask
    unknown: Mask
    absent: Mask


@dataclass
class Matcher:
    """Matches terms against one table. `approximations` collects what was not evaluated to the letter."""

    table: QueryTable
    mesh: MeshTree | None = None
    dialect: dt.date | None = None
    today: dt.date | None = None
    approximations: dict[str, None] = attribute(default_factory=dict)

    @cached_property
    def headings(self) -> Headings:
        return Headings(self.table.facet("mesh"))

    @cached_property
    def nowhere(self) -> Mask:
        return np.zeros(len(self.table), dtype=np.bool_)

    def note(self, approximation: str) -> None:
        self.approximations.setdefault(approximation)

    def match(self, leaf: Leaf | Range | Proximity) -> Found:
        """The records that one term matches."""
        if isinstance(leaf, Proximity):
            return self._proximity(leaf)
        kind = leaf.field.kind
        if isinstance(leaf, Range):
            return self._range(leaf) if kind is Kind.DATE else self._numbers_between(leaf)
        if not leaf.tagged and kind is Kind.TEXT:
            return self._untagged(leaf)
        if kind is Kind.TEXT:
            return self._text(leaf)
        if kind is Kind.MESH:
            return self._mesh(leaf)
        if kind is Kind.AUTHOR:
            return self._author(leaf)
        if kind is Kind.DATE:
            return self._date(leaf)
        if kind is Kind.NUMBER:
            wanted = [int(number) for number in re.findall(r"\d+", leaf.text)]
            return self._numbers(np.isin(self.table.numbers("pmid"), wanted))
        if kind is Kind.FILTER:
            return self._filter(leaf)
        if leaf.field is f.LANGUAGE:
            facet = self.table.facet("languages")
            return self._whole(facet.having(language_codes(leaf.text)), facet.empty)
        if kind is Kind.FACET:
            return self._list(leaf)
        self.note(f"[{leaf.field.tag}] ({leaf.field.label}) is not held in these records: not evaluable")
        return Found(self.nowhere, ~self.nowhere, ~self.nowhere)

    def everywhere(self, yes: Mask) -> Found:
        """A question that every record answers."""
        return Found(yes, self.nowhere, self.nowhere)

    def required(self, name: str, yes: Mask) -> Found:
        """A list that every PubMed citation has: empty means that this copy lost it."""
        return self._whole(yes, self.table.facet(name).empty)

    def _whole(self, yes: Mask, empty: Mask) -> Found:
        missing = empty & ~yes
        return Found(yes, missing, missing)

    def _pattern(self, leaf: Leaf) -> Pattern:
        dialect = self.dialect or dt.date.max
        modern = dialect >= UNLIMITED_TRUNCATION_SINCE
        minimum = MINIMUM_BEFORE_WILDCARD if modern else 1
        term = pattern(leaf.text, minimum=minimum)
        if "*" in leaf.text and not term.wild:
            self.note(f"{leaf.text!r}: fewer than {minimum} characters before *, so PubMed does not truncate")
        elif term.wild and not modern:
            self.note(f"{leaf.text!r}: before May 2020 PubMed took the first 600 word forms only")
        if len(term.words) > 1 and leaf.field is not f.ALL:
            self.note(
                "phrases are searched as neighbouring words; PubMed finds only those in its phrase index, "
                "which is not public"
            )
        return term

    def _search(self, term: Pattern, target: Field) -> Mask:
        columns, lists = TEXT_SOURCES[target]
        found: Mask = np.zeros(len(self.table), dtype=np.bool_)
        if not term.words:
            return found
        for name in columns:
            found |= term.search(self.table.corpus(name))
        for name in lists:
            facet = self.table.facet(name)
            found |= facet.carrying(term.search(facet.corpus))
        return found

    def _text_found(self, yes: Mask, target: Field) -> Found:
        if target in (f.TITLE, f.TITLE_ABSTRACT, f.TEXT_WORD, f.ALL):
            nothing = self.table.corpus("title").empty
            absent = nothing
            if target is not f.TITLE:
                nothing = nothing & self.table.corpus("abstract").empty
                absent = self.table.corpus("abstract").empty
            if target in (f.TEXT_WORD, f.ALL):
                absent = absent | self.table.facet("mesh").empty
            return Found(yes, nothing & ~yes, absent & ~yes)
        columns, lists = TEXT_SOURCES[target]
        return self.optional(yes, columns, lists)

    def optional(self, yes: Mask, columns: tuple[str, ...], lists: tuple[str, ...]) -> Found:
        """A field that a PubMed citation may lack: empty means no, unless the copy is cut down."""
        empty: Mask = ~yes
        for name in columns:
            empty = empty & self.table.corpus(name).empty
        for name in lists:
            empty = empty & self.table.facet(name).empty
        return Found(yes, empty & ~self.table.complete, empty)

    def _text(self, leaf: Leaf) -> Found:
        if (
            normalise(leaf.text) in STOPWORDS
            and "*" not in leaf.text
            and leaf.field is not f.CORPORATE_AUTHOR
        ):
            self.note(f"{leaf.text!r}: PubMed does not index stop words, so a tagged one finds nothing")
            return Found(self.nowhere, self.nowhere, self.nowhere)
        return self._text_found(self._search(self._pattern(leaf), leaf.field), leaf.field)

    def _untagged(self, leaf: Leaf) -> Found:
        """What PubMed's automatic term mapping does at least: every word in all fields, or the heading."""
        self.note(
            f"untagged {leaf.text!r}: PubMed maps it to headings and word forms of its choice; evaluated "
            "as all fields" + (" and the heading of that name" if self.mesh else "")
        )
        yes: Mask
        if leaf.quoted or "*" in leaf.text:
            yes = self._search(self._pattern(leaf), f.ALL)
        else:
            words = [word for word in normalise(leaf.text).split() if word not in STOPWORDS]
            yes = np.full(len(self.table), bool(words))
            for word in words:
                yes = yes & self._search(pattern(word), f.ALL)
            if self.mesh and self.mesh.heading(leaf.text):
                yes = yes | self._mesh(Leaf(leaf.text, f.MESH_TERMS)).yes
            if re.fullmatch(r"\d{1,8}", leaf.text):
                yes = yes | (self.table.numbers("pmid") == int(leaf.text))
        return self._text_found(yes, f.ALL)

    def _proximity(self, leaf: Proximity) -> Found:
        words = tuple(normalise(leaf.text).split())
        columns, lists = TEXT_SOURCES[leaf.field]
        found: Mask = np.zeros(len(self.table), dtype=np.bool_)
        for name in columns:
            found |= _close(self.table.corpus(name), words, leaf.distance)
        for name in lists:
            facet = self.table.facet(name)
            found |= facet.carrying(_close(facet.corpus, words, leaf.distance))
        return self._text_found(found, leaf.field)

    def _mesh(self, leaf: Leaf) -> Found:
        if leaf.field is f.PUBLICATION_TYPE:
            return self._publication_type(leaf)
        facet, headings = self.table.facet("mesh"), self.headings
        status = self.table.facet("status")
        unindexed = facet.empty & ~(status.having(("medline",)) | status.empty)
        missing = facet.empty & ~unindexed
        bare = ~facet.empty & ~self.table.with_major_topics
        if leaf.field is f.SUBHEADING:
            chosen = headings.chosen(None, families(leaf.text, explode=leaf.explode))
            yes = facet.carrying(chosen)
            return Found(yes, (missing | bare) & ~yes, (facet.empty | bare) & ~yes)
        term = heading_term(leaf.text)
        names = self._names(leaf, term.descriptor)
        qualifiers = families(term.qualifier, explode=leaf.explode) if term.qualifier else None
        major = leaf.field is f.MESH_MAJOR
        yes = facet.carrying(headings.chosen(names, qualifiers, major=major))
        if major or qualifiers:  # a heading is there, its star or subheading may have been lost
            stripped = facet.carrying(headings.chosen(names)) & bare
            return Found(yes, (missing | stripped) & ~yes, (facet.empty | stripped) & ~yes)
        return Found(yes, missing & ~yes, facet.empty & ~yes)

    def _names(self, leaf: Leaf, descriptor: str) -> frozenset[str]:
        """The descriptors that a heading stands for: itself and, when exploded, those below it."""
        if "*" in descriptor:
            return frozenset(self.headings.descriptors(descriptor))
        if self.mesh is None:
            if leaf.explode:
                self.note(f'"{leaf.text}": no MeSH tree given, evaluated without narrower headings')
            return frozenset((descriptor,))
        heading = self.mesh.heading(descriptor)
        if heading is None:
            if descriptor in self.headings.by_descriptor or leaf.explode:
                year = f" of {self.mesh.year}" if self.mesh.year else ""
                self.note(f'"{leaf.text}" is not in the MeSH tree{year}: evaluated without narrower headings')
            return frozenset((descriptor,))
        return self.mesh.explode(heading) if leaf.explode else frozenset((heading,))

    def _publication_type(self, leaf: Leaf) -> Found:
        facet = self.table.facet("publication_types")
        term = self._pattern(leaf)
        if term.wild:
            return self._whole(facet.carrying(_whole_values(facet, term)), facet.empty)
        name = normalise_heading(leaf.text)
        names = {name}
        if leaf.explode and self.mesh is not None and self.mesh.heading(name):
            names |= self.mesh.explode(name)
        elif leaf.explode and self.mesh is None:
            self.note(f'"{leaf.text}"[pt]: no MeSH tree given, evaluated without narrower publication types')
        return self._whole(facet.having(names), facet.empty)

    def _list(self, leaf: Leaf) -> Found:
        sources = LIST_SOURCES[leaf.field]
        term = self._pattern(leaf)
        yes = self.nowhere
        for name in sources:
            facet = self.table.facet(name)
            if term.wild:
                yes = yes | facet.carrying(_whole_values(facet, term))
            else:
                yes = yes | facet.having((" ".join(term.words),))
        if leaf.field is f.JOURNAL:
            return self._whole(yes, self.table.facet("journal").empty)
        return self.optional(yes, (), sources)

    def _author(self, leaf: Leaf) -> Found:
        facet = self.table.facet("authors")
        rule = author_rule(leaf)
        chosen = np.array([bool(rule.match(v)) for v in facet.values], dtype=np.bool_)
        if leaf.field is f.AUTHOR:
            yes = facet.carrying(chosen)
        else:
            entries = facet.firsts if leaf.field is f.FIRST_AUTHOR else facet.lasts
            hit = entries & (chosen[facet.codes] if len(facet.codes) else False)
            yes = self.nowhere.copy()
            yes[facet.parents[hit]] = True
        return self.optional(yes, (), ("authors",))

    def _date(self, leaf: Leaf) -> Found:
        if is_relative(leaf.text):
            if self.today is None:
                self.note(f'"{leaf.text}" moves with the day of the search: not evaluable without that day')
                return Found(self.nowhere, ~self.nowhere, ~self.nowhere)
            return self._between(leaf.field, read_relative(leaf.text, self.today), single=False)
        return self._between(leaf.field, read_date(leaf.text), single=True)

    def _range(self, leaf: Range) -> Found:
        span = Span(read_date(leaf.low).first, read_date(leaf.high).last)
        return self._between(leaf.field, span, single=False)

    def _between(self, target: Field, span: Span, *, single: bool) -> Found:
        """`[dp]` reads the print or the electronic date; an electronic one later than print only in ranges.

        PubMed User Guide, "Publication Date [dp]".
        """
        if target not in DATE_SOURCES:
            self.note(f"[{target.tag}] ({target.label}) is not held in these records: not evaluable")
            return Found(self.nowhere, ~self.nowhere, ~self.nowhere)
        first, last = int(span.first.replace("-", "")), int(span.last.replace("-", ""))
        columns = [self.table.numbers(name) for name in DATE_SOURCES[target]]
        yes, empty = self.nowhere, ~self.nowhere
        for days in columns:
            inside = (days >= first) & (days <= last)
            if single and len(columns) == 2 and days is columns[1]:
                inside &= (columns[0] == 0) | (days <= columns[0])
            yes, empty = yes | inside, empty & (days == 0)
        return self._whole(yes, empty)

    def _numbers_between(self, leaf: Range) -> Found:
        numbers = self.table.numbers("pmid")
        return self._numbers((numbers >= int(leaf.low)) & (numbers <= int(leaf.high)))

    def _numbers(self, yes: Mask) -> Found:
        missing = (self.table.numbers("pmid") == 0) & ~yes
        return Found(yes & ~missing, self.nowhere, missing)

    def _filter(self, leaf: Leaf) -> Found:
        rule = subset(leaf.text)
        if rule is None:
            self.note(f'subset "{leaf.text}"[sb] cannot be decided from a record: not evaluable')
            return Found(self.nowhere, ~self.nowhere, ~self.nowhere)
        return rule(self)


def author_rule(leaf: Leaf) -> re.Pattern[str]:
    """Matches a normalised `family initials`: open at the end unless quoted (PubMed User Guide,
    "Author [au]").

    `rossi` is any Rossi, `rossi r` is Rossi R and Rossi RE; quotation marks turn that off.
    """
    words = pattern(leaf.text).words
    body = " ".join("[^ ]*".join(map(re.escape, word.split("*"))) for word in words)
    if leaf.quoted:
        return re.compile(body + r"\Z")
    if len(words) > 1 and len(words[-1]) <= 2:
        return re.compile(body + r"[a-z]*( .*)?\Z")
    return re.compile(body + r"( .*)?\Z")


def _whole_values(facet: Facet, term: Pattern) -> Mask:
    """The values that are a truncated term and nothing else."""
    return np.array([bool(term.whole.match(value.encode())) for value in facet.values], dtype=np.bool_)


def _close(corpus: Corpus, words: tuple[str, ...], distance: int) -> Mask:
    found: Mask = np.zeros(len(corpus), dtype=np.bool_)
    if not words:
        return found
    candidates: Mask = ~found
    for word in dict.fromkeys(words):
        candidates = candidates & corpus.literal(f" {word} ".encode())
    for position in np.flatnonzero(candidates):
        found[position] = near(corpus.text(int(position)), words, distance)
    return found
