"""A reference string taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a reference string is laid out."""

    VANCOUVER = "vancouver"  # A B, C D. Title. J Abbr. 2010 Jan;28(1):69-76. doi: ... PMID: ...
    PDQ = "pdq"  # A B, C D, et al.: Title. J Abbr 28 (1): 69-76, 2010.
    APA = "apa"  # A, B., & C, D. (2010). Title. Journal, 28(1), 69-76.
    AUTHOR_YEAR = (
        "author-year"  # A B (2010) Title. J Abbr 28:69-76; A, B., and C. D. 2010. Title. J. Abbr. 28:69
    )
    NATURE = "nature"  # A, B. & C, D. Title. J. Abbr. 28, 69-76 (2010).
    NO_TITLE = "no-title"  # B. A, D. C, J. Abbr. 2010, 28, 69.
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a reference string cites."""

    ARTICLE = "article"
    ABSTRACT = "abstract"
    CHAPTER = "chapter"
    BOOK = "book"
    WEB = "web"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The parts of one reference string; "" or () or None where the string does not say.

    `authors` are `Family Initials` as far as the string lists them (`et_al` when it stops early). The
    title has no closing full stop. `date` is the publication date as written (`2022 Nov-Dec`), `year`
    its year. `pages` are as written, `first_page` and `last_page` in full (`514-23` gives 514 and 523).
    `electronic` is what stands after "Epub"; `notes` are other sentences at the end, in order.
    """

    text: str = ""
    authors: tuple[str, ...] = ()
    collective: tuple[str, ...] = ()
    et_al: bool = False
    title: str = ""
    journal: str = ""
    year: int | None = None
    date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    first_page: str = ""
    last_page: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    language: str = ""
    electronic: str = ""
    notes: tuple[str, ...] = ()
    style: Style = Style.UNKNOWN
    kind: Kind = Kind.OTHER

    @property
    def first_author(self) -> str:
        """The first person, else the first body, else ""."""
        return next(iter((*self.authors, *self.collective)), "")
