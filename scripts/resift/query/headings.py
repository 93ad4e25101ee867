"""The headings of a table: which records carry a descriptor, a subheading, a major topic."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from resift.query.mesh import normalise_heading, qualifier_family
from resift.query.table import Facet, Mask
from resift.query.wildcard import fits


class Headings:
    """The distinct values of a `mesh` facet by descriptor and by subheading."""

    def __init__(self, facet: Facet) -> None:
        self.facet = facet
        self.by_descriptor: dict[str, list[int]] = {}
        self.by_qualifier: dict[str, list[int]] = {}
        self.majors: npt.NDArray[np.bool_] = np.zeros(len(facet.values), dtype=np.bool_)
        self.qualified: list[str] = []
        for code, value in enumerate(facet.values):
            descriptor, _, qualifier = value.replace("*", "").partition("/")
            self.majors[code] = "*" in value
            self.qualified.append(qualifier)
            self.by_descriptor.setdefault(descriptor, []).append(code)
            if qualifier:
                self.by_qualifier.setdefault(qualifier, []).append(code)

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
        mask: Mask = np.zeros(len(self.facet.values), dtype=np.bool_)
        if descriptors is not None:
            for name in descriptors:
                mask[self.by_descriptor.get(name, [])] = True
        else:
            mask[:] = True
        if qualifiers is not None:
            allowed: Mask = np.zeros(len(mask), dtype=np.bool_)
            for name in qualifiers:
                allowed[self.by_qualifier.get(name, [])] = True
            mask &= allowed
        if major:
            mask &= self.majors
        return mask


def families(qualifier: str, *, explode: bool) -> frozenset[str]:
    """The subheadings that a `[sh]` term asks for."""
    return qualifier_family(normalise_heading(qualifier), explode=explode)
