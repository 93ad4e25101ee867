"""The databank of an accession number, told by its shape.

PubMed's Secondary Source ID [si] holds `GENBANK/AF001892`: a databank and a number (PubMed User Guide,
"Secondary Source ID [si]"). Records keep the number alone; the shapes are those that each databank gives
out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from resift.query.text import normalise

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?:{shape})\Z", re.IGNORECASE))
    for name, shape in (
        ("clinicaltrials gov", r"nct ?\d{8}"),
        ("isrctn", r"isrctn ?\d{8}"),
        ("anzctr", r"actrn ?\d{14}p?"),
        ("chictr", r"chictr[ a-z]*\d+"),
        ("drks", r"drks ?\d{8}"),
        ("eudract", r"\d{4} \d{6} \d{2}"),
        ("irct", r"irct ?\d+n\d+"),
        ("jprn", r"(?:jprn )?(?:umin ?\d+|jrcts?\d+|japicctij? ?\d+)"),
        ("umin ctr", r"umin ?\d+"),
        ("ctri", r"ctri \d{4} \d+ \d+"),
        ("ntr", r"ntr ?\d{1,5}"),
        ("geo", r"g(?:se|ds|pl|sm) ?\d+"),
        ("sra", r"[sde]r[prsxa] ?\d{5,}"),
        ("bioproject", r"prj[a-z]{2}\d+"),
        ("dbgap", r"phs\d+(?: v\d+)?(?: p\d+)?"),
        ("refseq", r"(?:[nx][mrp]|nc|ng|nt|nw|nz|ap|yp|wp) ?\d{6,}(?: \d+)?"),
        ("figshare", r"10 6084 m9 figshare.*"),
        ("dryad", r"10 5061 dryad.*"),
        ("pdb", r"\d[a-z0-9]{3}"),
        ("omim", r"\d{6}"),
        ("genbank", r"[a-z]\d{5}|[a-z]{2}\d{6}|[a-z]{2}\d{8}|[a-z]{3}\d{5}|[a-z]{4}\d{8,}"),
        ("swissprot", r"[opq]\d[a-z0-9]{3}\d|[a-nr-z]\d[a-z][a-z0-9]{2}\d"),
    )
)  # fmt: skip
NAMES = frozenset(name for name, _ in _SHAPES)


@lru_cache(maxsize=65536)
def databanks(accession: str) -> frozenset[str]:
    """The databanks (normalised names) that a normalised accession number may come from."""
    return frozenset(name for name, shape in _SHAPES if shape.match(accession))


def bank_and_number(term: str) -> tuple[str, str]:
    """`GENBANK/AF001892` as bank and number; `genbank` as a bank alone; anything else as a number alone."""
    head, slash, rest = term.partition("/")
    if slash and normalise(head) in NAMES:
        return normalise(head), normalise(rest)
    whole = normalise(term)
    return (whole, "") if whole in NAMES else ("", whole)
