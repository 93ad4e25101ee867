"""The MeSH tree and the families of subheadings.

PubMed explodes a heading over all of its tree positions and includes narrower headings; a subheading
explodes over its family, both as `[sh]` and as `Heading/subheading` (PubMed User Guide, "MeSH Terms
[mh]" and "MeSH Subheadings [sh]"). The tree is the user's file: `mtreesYYYY.bin` or `descYYYY.xml`
as NLM distributes them each year (https://nlmpubs.nlm.nih.gov/projects/mesh/).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path

from resift.errors import FormatError
from resift.files import read_at_most
from resift.query.text import normalise, normalise_term

LARGEST = 400 << 20
"""Bytes of a MeSH file, unpacked: `desc2026.xml` has some 320 million."""
# NLM, "MeSH Qualifier Hierarchies" (https://www.nlm.nih.gov/mesh/subhierarchy.html), with the members
# retired since (radiography, radionuclide imaging, ultrasonography, contraindications), which older
# records still carry.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "analysis": ("blood", "cerebrospinal fluid", "isolation and purification", "urine"),
    "anatomy and histology": (
        "blood supply", "cytology", "pathology", "ultrastructure", "embryology", "abnormalities",
        "innervation",
    ),
    "cytology": ("pathology", "ultrastructure"),
    "embryology": ("abnormalities",),
    "chemistry": (
        "agonists", "analogs and derivatives", "antagonists and inhibitors", "chemical synthesis",
    ),
    "diagnosis": (
        "diagnostic imaging", "pathology", "radiography", "radionuclide imaging", "ultrasonography",
    ),
    "diagnostic imaging": ("radiography", "radionuclide imaging", "ultrasonography"),
    "education": ("ethics",),
    "etiology": (
        "chemically induced", "complications", "secondary", "congenital", "embryology", "genetics",
        "immunology",
        "microbiology", "virology", "parasitology", "transmission",
    ),
    "complications": ("secondary",),
    "microbiology": ("virology",),
    "organization and administration": (
        "economics", "legislation and jurisprudence", "standards", "statistics and numerical data",
        "supply and distribution", "trends", "utilization",
    ),
    "pharmacology": (
        "administration and dosage", "adverse effects", "poisoning", "toxicity", "agonists",
        "antagonists and inhibitors", "contraindications", "drug effects", "pharmacokinetics",
    ),
    "adverse effects": ("poisoning", "toxicity"),
    "physiology": (
        "genetics", "growth and development", "immunology", "metabolism", "biosynthesis", "blood",
        "cerebrospinal fluid", "deficiency", "enzymology", "pharmacokinetics", "urine", "physiopathology",
        "secretion",
    ),
    "metabolism": (
        "biosynthesis", "blood", "cerebrospinal fluid", "deficiency", "enzymology", "pharmacokinetics",
        "urine",
    ),
    "statistics and numerical data": (
        "epidemiology", "ethnology", "mortality", "supply and distribution", "utilization",
    ),
    "epidemiology": ("ethnology", "mortality"),
    "therapeutic use": (
        "administration and dosage", "adverse effects", "contraindications", "poisoning",
    ),
    "therapy": (
        "diet therapy", "drug therapy", "nursing", "prevention and control", "radiotherapy",
        "rehabilitation",
        "surgery", "transplantation",
    ),
    "surgery": ("transplantation",),
}  # fmt: skip
QUALIFIERS: frozenset[str] = frozenset(
    {
        *_FAMILIES, *(q for members in _FAMILIES.values() for q in members), "classification", "drug effects",
        "history", "injuries", "instrumentation", "methods", "psychology", "radiation effects",
        "veterinary",
        "legislation and jurisprudence", "ethics", "manpower", "nursing", "trends", "standards",
        "utilization",
    }
)  # fmt: skip
# The two-letter forms that PubMed also reads (PubMed User Guide, "MeSH Subheadings [sh]").
QUALIFIER_CODES: dict[str, str] = {
    "ab": "abnormalities", "ad": "administration and dosage", "ae": "adverse effects", "ag": "agonists",
    "aa": "analogs and derivatives", "an": "analysis", "ah": "anatomy and histology",
    "ai": "antagonists and inhibitors", "bi": "biosynthesis", "bl": "blood", "bs": "blood supply",
    "cf": "cerebrospinal fluid", "cs": "chemical synthesis", "ci": "chemically induced", "ch": "chemistry",
    "cl": "classification", "co": "complications", "cn": "congenital", "ct": "contraindications",
    "cy": "cytology", "df": "deficiency", "di": "diagnosis", "dg": "diagnostic imaging",
    "dh": "diet therapy",
    "de": "drug effects", "dt": "drug therapy", "ec": "economics", "ed": "education", "em": "embryology",
    "en": "enzymology", "ep": "epidemiology", "es": "ethics", "eh": "ethnology", "et": "etiology",
    "ge": "genetics", "gd": "growth and development", "hi": "history", "im": "immunology", "in": "injuries",
    "ir": "innervation", "is": "instrumentation", "ip": "isolation and purification",
    "lj": "legislation and jurisprudence", "ma": "manpower", "me": "metabolism", "mt": "methods",
    "mi": "microbiology", "mo": "mortality", "nu": "nursing", "og": "organization and administration",
    "ps": "parasitology", "py": "pathogenicity", "pa": "pathology", "pk": "pharmacokinetics",
    "pd": "pharmacology", "ph": "physiology", "pp": "physiopathology", "po": "poisoning",
    "pc": "prevention and control", "px": "psychology", "re": "radiation effects", "ra": "radiography",
    "ri": "radionuclide imaging", "rt": "radiotherapy", "rh": "rehabilitation", "sc": "secondary",
    "se": "secretion", "st": "standards", "sn": "statistics and numerical data",
    "sd": "supply and distribution", "su": "surgery", "tu": "therapeutic use", "th": "therapy",
    "to": "toxicity", "tm": "transmission", "tr": "transplantation", "td": "trends",
    "us": "ultrasonography",
    "ul": "ultrastructure", "ur": "urine", "ut": "utilization", "ve": "veterinary", "vi": "virology",
}  # fmt: skip
# Headings without a place in the tree, which descYYYY.xml and mtreesYYYY.bin therefore differ about (NLM,
# "Check Tags").
UNPLACED = frozenset({"male", "female"})
ALL_QUALIFIERS = QUALIFIERS | frozenset(QUALIFIER_CODES.values())


def normalise_heading(text: str) -> str:
    """A heading or subheading as it is compared; `&` reads as *and*, which is how queries spell it."""
    return normalise(text.replace("&", " and "))


def qualifier_family(qualifier: str, *, explode: bool = True) -> frozenset[str]:
    """A subheading (normalised, or its two-letter code) with those narrower than it."""
    name = QUALIFIER_CODES.get(qualifier, qualifier)
    return frozenset((name, *_FAMILIES.get(name, ()))) if explode else frozenset((name,))


@dataclass(frozen=True, slots=True)
class HeadingTerm:
    """A `[mh]` term taken apart, normalised: `liver neoplasms` and `secondary` (or "")."""

    descriptor: str
    qualifier: str = ""


def heading_term(text: str) -> HeadingTerm:
    """Descriptor and subheading of a MeSH term; the slash counts only before a known subheading."""
    descriptor, slash, rest = text.rpartition("/")
    if slash and descriptor:
        qualifier = normalise_heading(rest)
        qualifier = QUALIFIER_CODES.get(qualifier, qualifier)
        if qualifier in ALL_QUALIFIERS:
            return HeadingTerm(_descriptor(descriptor), qualifier)
    return HeadingTerm(_descriptor(text))


def _descriptor(text: str) -> str:
    return normalise_term(text.replace("&", " and "))


@dataclass(frozen=True)
class MeshTree:
    """The headings of one year with all their positions. Names are compared normalised.

    `positions` maps a heading to its tree numbers; `entry_terms` maps a synonym to its heading (only
    `descYYYY.xml` holds them).
    """

    year: int | None
    sha256: str
    positions: dict[str, tuple[str, ...]]
    entry_terms: dict[str, str] = attribute(default_factory=dict)
    _sorted: list[tuple[str, str]] = attribute(default_factory=list, repr=False)
    _exploded: dict[str, frozenset[str]] = attribute(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path | str) -> MeshTree:
        """Read `mtreesYYYY.bin` or `descYYYY.xml`, plain or gzipped. Raises `FormatError`."""
        path = Path(path)
        try:
            data = read_at_most(path, LARGEST)
            if data[:2] == b"\x1f\x8b":
                with gzip.open(io.BytesIO(data)) as packed:
                    data = packed.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise OSError(f"it holds more than {LARGEST >> 20} MB")
        except (OSError, EOFError, zlib.error) as error:
            raise FormatError(
                f"the MeSH file cannot be read ({error})",
                where=str(path),
                fix="give mtreesYYYY.bin or descYYYY.xml",
            ) from error
        year = re.search(r"(19|20)\d{2}", path.name)
        digest = hashlib.sha256(data).hexdigest()
        if data.lstrip()[:1] == b"<":
            headings, entries = _read_descriptors(data, path)
        else:
            headings, entries = _read_tree(data, path), {}
        positions = {name: tuple(sorted(numbers)) for name, numbers in headings.items()}
        return cls(int(year[0]) if year else None, digest, positions, entries).ready()

    def ready(self) -> MeshTree:
        """Sort the tree numbers, so that narrower headings stand together."""
        self._sorted[:] = sorted(
            (number, name) for name, numbers in self.positions.items() for number in numbers
        )
        return self

    def heading(self, name: str) -> str | None:
        """The normalised heading that a heading or an entry term stands for, None when unknown."""
        wanted = normalise_heading(name)
        if wanted in self.positions or wanted in UNPLACED:
            return wanted
        return self.entry_terms.get(wanted)

    def explode(self, heading: str) -> frozenset[str]:
        """The heading (normalised) with every narrower one,
        over all of its positions; empty when unknown."""
        name = self.heading(heading)
        if name is None:
            return frozenset()
        if name not in self._exploded:
            found = {name}
            for number in self.positions.get(name, ()):
                below = number + "."
                at = bisect_left(self._sorted, (below, ""))
                while at < len(self._sorted) and self._sorted[at][0].startswith(below):
                    found.add(self._sorted[at][1])
                    at += 1
            self._exploded[name] = frozenset(found)
        return self._exploded[name]

    def narrower(self, heading: str, than: str) -> bool:
        """Whether `heading` is `than` or lies below it."""
        name = self.heading(heading)
        return name is not None and name in self.explode(than)


def _read_tree(data: bytes, path: Path) -> dict[str, set[str]]:
    headings: dict[str, set[str]] = {}
    for n, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        name, semicolon, number = line.rpartition(";")
        if not semicolon or not re.fullmatch(r"[A-Z]\d*(\.\d+)*", number.strip()):
            raise FormatError(
                f"line {n} is not `Heading;TreeNumber`",
                where=str(path),
                fix="give mtreesYYYY.bin or descYYYY.xml",
            )
        headings.setdefault(normalise_heading(name), set()).add(number.strip())
    if not headings:
        raise FormatError("the MeSH file is empty", where=str(path), fix="give mtreesYYYY.bin")
    return headings


def _read_descriptors(data: bytes, path: Path) -> tuple[dict[str, set[str]], dict[str, str]]:
    from lxml import etree

    from resift.safe_xml import iter_elements

    headings: dict[str, set[str]] = {}
    entries: dict[str, str] = {}
    try:
        for element in iter_elements(io.BytesIO(data), "DescriptorRecord"):
            name = normalise_heading(_text(element.iterfind("DescriptorName/String")))
            numbers = headings.setdefault(name, set())
            numbers.update(
                (node.text or "").strip() for node in element.iterfind("TreeNumberList/TreeNumber")
            )
            for term in element.iterfind("ConceptList/Concept/TermList/Term/String"):
                entries.setdefault(normalise_heading(term.text or ""), name)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"the MeSH file is not well-formed XML ({error})",
            where=str(path),
            fix="download descYYYY.xml again",
        ) from error
    if not headings:
        raise FormatError("no DescriptorRecord in the MeSH file", where=str(path), fix="give descYYYY.xml")
    return headings, {entry: name for entry, name in entries.items() if entry not in headings}


def _text(nodes: Iterable[object]) -> str:
    return next((str(getattr(node, "text", "") or "") for node in nodes), "")
