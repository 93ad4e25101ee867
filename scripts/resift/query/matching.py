"""One term of a query over a whole table: which records match, and where nothing can be said.

What a missing field means (so that answers agree with PubMed's):
- every PubMed citation has a publication type and a language. A record with both is a whole copy: a
  field empty there is empty in PubMed, which answers no (no abstract: the title alone is searched; no
  headings: not yet indexed);
- a record without them is cut down or from elsewhere: what an empty field there would have answered is
  *unknown*. Headings that have lost every star (indexing stars at least one) have lost their subheadings
  too, so a term with a subheading or a star is unknown there;
- a field that every citation has (type, language, journal, a date) is unknown wherever it is empty;
- a field that records do not hold at all (investigators, publisher) is unknown everywhere.
Whoever must know that a field was empty although PubMed answers no asks for `absent`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

import numpy as np

from resift.query import fields as f
from resift.query import sources
from resift.query.databanks import bank_and_number, databanks
from resift.query.dates import Span, is_relative, read_date, read_relative
from resift.query.fields import Field, Kind
from resift.query.headings import Headings, families
from resift.query.mesh import ALL_QUALIFIERS, MeshTree, heading_term, normalise_heading
from resift.query.nodes import Leaf, Proximity, Range
from resift.query.pattern import Near, Phrase, Term, phrase
from resift.query.publication_types import all_names, is_type
from resift.query.subsets import ABSTRACT, LINKS, PMC, PUBLICATION_STATUS, STATUS, squashed
from resift.query.table import Facet, Mask, QueryTable
from resift.query.text import normalise
from resift.query.wildcard import MINIMUM_BEFORE_WILDCARD, UNLIMITED_TRUNCATION_SINCE, fit, fits
from resift.text.languages import wanted_codes


@dataclass(frozen=True, slots=True)
class Found:
    """Masks over the records: `yes`, `unknown` (PubMed's answer cannot be told), `absent` (field empty).

    Neither `unknown` nor `absent` overlaps with `yes`.
    """

    yes: Mask
    unknown: Mask
    absent: Mask


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a term is looked for: `term` in text columns, and a choice of values of some lists.

    `among` names all lists that the field searches, also those without any such value; `place` restricts
    a list to its first (0) or last (-1) entry.
    """

    term: Term | None = None
    texts: tuple[str, ...] = ()
    lists: Mapping[str, Mask] = attribute(default_factory=dict)
    place: int | None = None
    among: tuple[str, ...] = ()


@dataclass
class Matcher:
    """Matches terms against one table. `approximations` collects what was not evaluated to the letter."""

    table: QueryTable
    mesh: MeshTree | None = None
    dialect: dt.date | None = None
    today: dt.date | None = None
    approximations: dict[str, None] = attribute(default_factory=dict)
    elsewhere: Callable[[Leaf], bool] | None = None  # `known` in the other parts of the same table
    _emptied: dict[Field, tuple[Mask, Mask]] = attribute(default_factory=dict)

    @cached_property
    def headings(self) -> Headings:
        return Headings(self.table.facet("mesh"))

    @cached_property
    def nowhere(self) -> Mask:
        return np.zeros(len(self.table), dtype=np.bool_)

    @property
    def minimum(self) -> int:
        """Characters that truncation needs before the first `*`."""
        modern = (self.dialect or dt.date.max) >= UNLIMITED_TRUNCATION_SINCE
        return MINIMUM_BEFORE_WILDCARD if modern else 1

    def note(self, approximation: str) -> None:
        self.approximations.setdefault(approximation)

    def match(self, leaf: Leaf | Range | Proximity) -> Found:
        """The records that one term matches, searched as it stands (untagged words: see `mapping`)."""
        kind = leaf.field.kind
        if kind is Kind.DATE:
            return self._date(leaf)
        if kind is Kind.NUMBER:
            return self._number(leaf)
        sought = self.sought(leaf)
        if sought is None:
            return self._not_held(f"[{leaf.field.tag}] ({leaf.field.label}) is not held in these records")
        yes = self._search(sought)
        if isinstance(leaf, Leaf) and kind is Kind.FILTER:
            return self._subset(leaf, yes)
        if isinstance(leaf, Leaf) and kind is Kind.MESH and leaf.field is not f.PUBLICATION_TYPE:
            return self._heading(leaf, yes)
        if leaf.field in (f.TITLE, f.TITLE_ABSTRACT, f.TEXT_WORD, f.ALL):
            return self._words(leaf.field, yes)
        if leaf.field in (f.LANGUAGE, f.PUBLICATION_TYPE, f.JOURNAL):
            return self._required(yes, self.table.facet(next(iter(sought.lists))).empty)
        empty: Mask = ~yes
        for name in sought.texts:
            empty = empty & self.table.corpus(name).empty
        for name in sought.among or tuple(sought.lists):
            empty = empty & self.table.facet(name).empty
        return Found(yes, empty & ~self.table.complete, empty)

    def sought(self, leaf: Leaf | Range | Proximity) -> Sought | None:
        """Where a term is looked for; None for dates, PMIDs and fields that records do not hold."""
        kind = leaf.field.kind
        if isinstance(leaf, Range):
            return None
        if kind is Kind.TEXT:
            term: Term
            if isinstance(leaf, Proximity):
                term = Near(tuple(normalise(leaf.text).split()), leaf.distance)
            else:
                term = self._phrase(leaf)
            texts, lists = sources.TEXT[leaf.field]
            found = {}
            for name in lists:
                corpus = self.table.facet(name).corpus
                if (chosen := term.search(corpus)) is not corpus.nowhere:
                    found[name] = chosen
            return Sought(term, texts, found, among=lists)
        if isinstance(leaf, Proximity):
            return None
        if kind is Kind.MESH:
            if leaf.field is f.PUBLICATION_TYPE:
                return Sought(lists={"publication_types": self._publication_types(leaf)})
            return Sought(lists={"mesh": self._heading_values(leaf)})
        if kind is Kind.AUTHOR:
            rule = author_rule(leaf)
            if full_name(leaf):
                self.note(
                    f"{leaf.text!r}[{leaf.field.tag}]: records hold initials, so a full name is read as them"
                )
            chosen = _values(self.table.facet("authors"), rule)
            place = {f.FIRST_AUTHOR: 0, f.LAST_AUTHOR: -1}.get(leaf.field)
            return Sought(lists={"authors": chosen}, place=place)
        if leaf.field is f.LANGUAGE:
            return Sought(lists={"languages": self.table.facet("languages").choose(wanted_codes(leaf.text))})
        if kind is Kind.FACET:
            return self._whole(leaf)
        if kind is Kind.FILTER:
            return self._subset_sought(leaf)
        return None

    def _search(self, sought: Sought) -> Mask:
        """The records that hold it (a mask not to be written to); most terms of a long query are nowhere."""
        masks: list[Mask] = []
        if sought.term is not None:
            for name in sought.texts:
                corpus = self.table.corpus(name)
                if (held := sought.term.search(corpus)) is not corpus.nowhere:
                    masks.append(held)
        masks += [
            self.table.facet(name).carrying(chosen, sought.place) for name, chosen in sought.lists.items()
        ]
        if not masks:
            return self.nowhere
        found = masks[0]
        for mask in masks[1:]:
            found = found | mask
        return found

    def _not_held(self, why: str) -> Found:
        self.note(f"{why}: not evaluable")
        return Found(self.nowhere, ~self.nowhere, ~self.nowhere)

    def _required(self, yes: Mask, empty: Mask) -> Found:
        """A field that every PubMed citation has: where it is empty this copy lost it."""
        missing = empty & ~yes
        return Found(yes, missing, missing)

    def _words(self, target: Field, yes: Mask) -> Found:
        """Title, abstract and what else holds words."""
        lost, absent = self._empty(target)
        return Found(yes, lost, absent) if yes is self.nowhere else Found(yes, lost & ~yes, absent & ~yes)

    def _empty(self, target: Field) -> tuple[Mask, Mask]:
        """The records without any words of a field: where this copy lost them, and all of them."""
        if target not in self._emptied:
            nothing: Mask = self.table.corpus("title").empty
            absent = nothing
            if target is not f.TITLE:
                absent = self.table.corpus("abstract").empty
                nothing = nothing & absent
            if target in (f.TEXT_WORD, f.ALL):
                absent = absent | self.table.facet("mesh").empty
            self._emptied[target] = (nothing & ~self.table.complete, absent)
        return self._emptied[target]

    def _phrase(self, leaf: Leaf) -> Phrase:
        modern = (self.dialect or dt.date.max) >= UNLIMITED_TRUNCATION_SINCE
        term = phrase(leaf.text, minimum=self.minimum)
        if "*" in leaf.text and not term.wild:
            self.note(
                f"{leaf.text!r}: fewer than {self.minimum} characters before *, so PubMed does not truncate"
            )
        elif term.wild and not modern:
            self.note(f"{leaf.text!r}: before May 2020 PubMed took the first 600 word forms only, here all")
        if len(term.words) > 1 and leaf.field.kind is Kind.TEXT:
            self.note(
                "phrases are searched as neighbouring words; PubMed finds only those in its phrase index, "
                "which is not public"
            )
        return term

    def _heading(self, leaf: Leaf, yes: Mask) -> Found:
        facet = self.table.facet("mesh")
        cut = ~self.table.complete
        bare: Mask = self.nowhere
        if cut.any():
            bare = ~facet.empty & ~self.table.with_major_topics & cut
        lost: Mask
        if leaf.field is f.SUBHEADING:
            lost = bare
        elif leaf.field is f.MESH_MAJOR or heading_term(leaf.text).qualifier:
            term = heading_term(leaf.text)  # the heading is there, its star or subheading may be lost
            lost = bare & facet.carrying(self.headings.chosen(self._descriptors(leaf, term.descriptor)))
        else:
            lost = self.nowhere
        return Found(yes, ((facet.empty & cut) | lost) & ~yes, (facet.empty | lost) & ~yes)

    def _heading_values(self, leaf: Leaf) -> Mask:
        if leaf.field is f.SUBHEADING:
            return self.headings.chosen(None, families(leaf.text, explode=leaf.explode))
        term = heading_term(leaf.text)
        return self.headings.chosen(
            self._descriptors(leaf, term.descriptor),
            families(term.qualifier, explode=leaf.explode) if term.qualifier else None,
            major=leaf.field is f.MESH_MAJOR,
        )

    def _descriptors(self, leaf: Leaf, descriptor: str) -> frozenset[str]:
        """The descriptors that a heading stands for: itself and, when exploded, those below it."""
        if "*" in descriptor:
            return frozenset(self.headings.descriptors(descriptor))
        if self.mesh is None:
            if leaf.explode:
                self.note(f'"{leaf.text}": no MeSH tree given, evaluated without narrower headings')
            return frozenset((descriptor,))
        heading = self.mesh.heading(descriptor)
        if heading is None:
            if leaf.explode:
                year = f" of {self.mesh.year}" if self.mesh.year else ""
                self.note(f'"{leaf.text}" is not in the MeSH tree{year}: evaluated without narrower headings')
            return frozenset((descriptor,))
        return self.mesh.explode(heading) if leaf.explode else frozenset((heading,))

    def _publication_types(self, leaf: Leaf) -> Mask:
        facet = self.table.facet("publication_types")
        term = self._phrase(leaf)
        if term.wild:
            return _values(facet, beginning(term))
        named = all_names(leaf.text)
        names = set(named)
        if leaf.explode and self.mesh is not None:
            for name in named:
                names.update(other for below in self.mesh.explode(name) for other in all_names(below))
        elif leaf.explode:
            self.note(f'"{leaf.text}"[pt]: no MeSH tree given, evaluated without narrower publication types')
        return facet.choose(names)

    def _whole(self, leaf: Leaf) -> Sought:
        if leaf.field is f.SECONDARY_SOURCE:
            return Sought(lists={"registries": self._accessions(leaf)})
        term = self._phrase(leaf)
        names = [" ".join(term.words)]
        if leaf.field is f.JOURNAL:
            names.append(re.sub(r"\Athe ", "", names[0]))
        chosen: dict[str, Mask] = {}
        for name in sources.WHOLE[leaf.field]:
            facet = self.table.facet(name)
            chosen[name] = _values(facet, beginning(term)) if term.wild else facet.choose(names)
        return Sought(lists=chosen)

    def _accessions(self, leaf: Leaf) -> Mask:
        """Numbers of a databank: records hold them without its name, which their shape tells."""
        facet = self.table.facet("registries")
        bank, number = bank_and_number(leaf.text)
        if bank:
            self.note(
                f"{leaf.text!r}[si]: records hold accession numbers alone, the databank was told by shape"
            )
        term = phrase(number)

        def meant(value: str) -> bool:
            return (not bank or bank in databanks(value)) and (not number or beginning(term)(value))

        return _values(facet, meant)

    def known(self, leaf: Leaf) -> bool:
        """Whether a name of several words stands in the vocabulary of its field or in these records."""
        return self._known_here(leaf) or (self.elsewhere is not None and self.elsewhere(leaf))

    def _known_here(self, leaf: Leaf) -> bool:
        if leaf.field is f.JOURNAL:
            return bool(self.table.facet("journal").choose((normalise(leaf.text),)).any())
        if leaf.field is f.PUBLICATION_TYPE:
            return is_type(leaf.text)
        if leaf.field is f.SUBHEADING:
            return normalise_heading(leaf.text) in ALL_QUALIFIERS
        term = heading_term(leaf.text).descriptor
        if self.mesh is not None and self.mesh.heading(term) is not None:
            return True
        return term in self.headings.by_descriptor

    def _subset_sought(self, leaf: Leaf) -> Sought | None:
        name = squashed(leaf.text)
        if name in STATUS:
            return Sought(lists={"status": self.table.facet("status").choose(STATUS[name])})
        if name in PUBLICATION_STATUS:
            status = self.table.facet("publication_status")
            return Sought(lists={"publication_status": status.choose((PUBLICATION_STATUS[name],))})
        if name in LINKS:
            return Sought(lists={"links": self.table.facet("links").choose((LINKS[name],))})
        if name in PMC:
            identifiers = self.table.facet("identifiers")
            return Sought(lists={"identifiers": _values(identifiers, _is_pmcid)})
        return Sought()

    def _subset(self, leaf: Leaf, yes: Mask) -> Found:
        name = squashed(leaf.text)
        if name == "all":
            return Found(~self.nowhere, self.nowhere, self.nowhere)
        if name in ABSTRACT:
            return Found(~self.table.corpus("abstract").empty, self.nowhere, self.nowhere)
        if name in STATUS:
            return self._required(yes, self.table.facet("status").empty)
        if name in PUBLICATION_STATUS:
            return self._required(yes, self.table.facet("publication_status").empty)
        if name in LINKS or name in PMC:
            return Found(yes, ~self.table.complete & ~yes, self.nowhere)
        return self._not_held(f'subset "{leaf.text}"[sb] cannot be decided from a record')

    def _date(self, leaf: Leaf | Range | Proximity) -> Found:
        """`[dp]` reads the print or the electronic date; an electronic one later than print only in ranges.

        PubMed User Guide, "Publication Date [dp]".
        """
        if leaf.field not in sources.DATES:
            return self._not_held(f"[{leaf.field.tag}] ({leaf.field.label}) is not held in these records")
        single = isinstance(leaf, Leaf) and not is_relative(leaf.text)
        if isinstance(leaf, Range):
            span = Span(read_date(leaf.low).first, read_date(leaf.high).last)
        elif single:
            try:
                span = read_date(leaf.text)
            except ValueError as error:
                return self._not_held(str(error))
        elif self.today is None:
            return self._not_held(f'"{leaf.text}" moves with the day of the search, which is not given')
        else:
            span = read_relative(leaf.text, self.today)
        first, last = (int(day.replace("-", "")) for day in (span.first, span.last))
        columns = [self.table.numbers(name) for name in sources.DATES[leaf.field]]
        yes, empty = self.nowhere, ~self.nowhere
        for days in columns:
            inside = (days >= first) & (days <= last)
            if single and days is not columns[0]:
                inside = inside & ((columns[0] == 0) | (days <= columns[0]))
            yes, empty = yes | inside, empty & (days == 0)
        return self._required(yes, empty)

    def _number(self, leaf: Leaf | Range | Proximity) -> Found:
        numbers = self.table.numbers("pmid")
        if isinstance(leaf, Range):
            yes = (numbers >= int(leaf.low)) & (numbers <= int(leaf.high))
        else:
            wanted = [int(number) for number in re.findall(r"\d+", leaf.text)]
            yes = numbers == wanted[0] if len(wanted) == 1 else np.isin(numbers, wanted)
        return Found(yes & (numbers != 0), self.nowhere, numbers == 0)


def author_rule(leaf: Leaf) -> Callable[[str], bool]:
    """Whether a normalised `family initials` is meant by an author term, open at the end unless quoted.

    `rossi` is any Rossi, `rossi r` is Rossi R and Rossi RE; quotation marks turn that off. A full name, in
    either order, is read as the initials that records hold (PubMed User Guide, "Author [au]", "Full author
    name [fau]").
    """
    words = phrase(leaf.text).words
    initials = len(words) > 1 and len(words[-1]) <= 2
    full = full_name(leaf)

    def meant(value: str) -> bool:
        parts = value.split(" ")
        if full and any(_fits_full(parts, family, given) for family, given in full):
            return True
        if leaf.quoted:
            return fit(words, parts)
        if initials:
            return fit((*words[:-1], words[-1].rstrip("*") + "*"), parts[: len(words)])
        return fit(words, parts[: len(words)])

    return meant


def full_name(leaf: Leaf) -> list[tuple[tuple[str, ...], str]]:
    """Family name and initials, in both orders, when an author term has a given name; [] when it has none."""
    words = phrase(leaf.text).words
    if len(words) < 2 or any("*" in word for word in words) or (len(words[-1]) <= 2 and len(words) == 2):
        return []
    if all(len(word) <= 2 for word in words[1:]):
        return []
    orders = [] if len(words[-1]) <= 2 else [((words[-1],), words[:-1])]  # Raquel Assis
    if len(words[1]) > 2 or len(words) > 2:
        orders.append(((words[0],), words[1:]))  # Assis Raquel
    return [(family, "".join(word[0] for word in given)) for family, given in orders]


def _fits_full(parts: list[str], family: tuple[str, ...], given: str) -> bool:
    size = len(family)
    return tuple(parts[:size]) == family and len(parts) > size and parts[size].startswith(given)


def beginning(term: Phrase) -> Callable[[str], bool]:
    """Whether a whole value is what a truncated name stands for: `*` runs over blanks (`clinical trial*`)."""
    pattern = " ".join(term.words)
    return lambda value: fits(pattern, value)


def _is_pmcid(value: str) -> bool:
    return re.fullmatch("pmc[0-9]+", value) is not None


def _values(facet: Facet, rule: Callable[[str], bool]) -> Mask:
    """The values of a list that a rule accepts."""
    return np.array([rule(value) for value in facet.values], dtype=np.bool_)
