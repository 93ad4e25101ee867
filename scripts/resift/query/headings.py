"""The headings of a table: which records carry a descriptor, a subheading, a major topic."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resift.arrow import as_numpy
from resift.query.mesh import normalise_heading, qualifier_family
from resift.query.table import Facet, Mask
from resift.query.wildcard import fits


class Headings:
    """The distinct values of a `mesh` facet by descriptor and by subheading."""

    def __init__(self, facet: Facet) -> None:
        bare = pc.replace_substring(facet.dictionary, "*", "")
        self.majors: Mask = as_numpy(pc.match_substring(facet.dictionary, "*"))
        self.by_descriptor, self._descriptors = _numbered(pc.replace_substring_regex(bare, "(?s)/.*", ""))
        self._by_qualifier, self._qualifiers = _numbered(pc.replace_substring_regex(bare, "^[^/]*/?", ""))

    def descriptors(self, pattern: str) -> list[str]:
        """The descriptors that a truncated heading stands for."""
        return [name for name in self.by_descriptor if fits(pattern, name)]

    def chosen(
        self,
        descriptors: Iterable[str] | None,
        qualifiers: Iterable[str] | None = None,
        *,
        major: bool = False,
    ) -> Mask:
        """The values with one of the descriptors and one of the subheadings (None: any)."""
        mask: Mask = np.ones(len(self.majors), dtype=np.bool_)
        if descriptors is not None:
            mask &= _carrying(descriptors, self.by_descriptor, self._descriptors)
        if qualifiers is not None:
            mask &= _carrying(qualifiers, self._by_qualifier, self._qualifiers)
        if major:
            mask &= self.majors
        return mask


def _numbered(values: pa.Array) -> tuple[dict[str, int], npt.NDArray[np.int32]]:
    """The distinct names with their numbers, and the number of each value."""
    coded = values.dictionary_encode()
    return {name: n for n, name in enumerate(coded.dictionary.to_pylist())}, as_numpy(coded.indices)


def _carrying(names: Iterable[str], numbers: dict[str, int], coded: npt.NDArray[np.int32]) -> Mask:
    wanted: Mask = np.zeros(len(numbers), dtype=np.bool_)
    wanted[[numbers[name] for name in names if name and name in numbers]] = True
    return wanted[coded]


def families(qualifier: str, *, explode: bool) -> frozenset[str]:
    """The subheadings that a `[sh]` term asks for."""
    return qualifier_family(normalise_heading(qualifier), explode=explode)
