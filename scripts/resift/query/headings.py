"""The headings of a table: which records carry a descriptor, a subheading, a major topic."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from resift.arrow import as_numpy, from_numpy
from resift.query.mesh import normalise_heading, qualifier_family
from resift.query.table import Facet, Mask
from resift.query.wildcard import fits


class Headings:
    """The distinct values of a `mesh` facet by descriptor and by subheading."""

    def __init__(self, facet: Facet) -> None:
        self._facet = facet

    @cached_property
    def majors(self) -> Mask:
        """The values that are starred."""
        return as_numpy(pc.match_substring(self._facet.dictionary, "*"))

    @cached_property
    def by_descriptor(self) -> dict[str, int]:
        """The distinct descriptors with their numbers."""
        return _numbers(self._descriptors)

    @cached_property
    def _by_qualifier(self) -> dict[str, int]:
        return _numbers(self._qualifiers)

    @cached_property
    def _parts(self) -> pa.ListArray:
        """Each value as its descriptor and, where it has one, its subheading."""
        bare = pc.replace_substring(self._facet.dictionary, "*", "")
        return pc.split_pattern(bare, "/", max_splits=1)

    @cached_property
    def _descriptors(self) -> pa.DictionaryArray:
        first = as_numpy(self._parts.offsets)[:-1]
        return self._parts.values.take(from_numpy(first)).dictionary_encode()

    @cached_property
    def _qualifiers(self) -> pa.DictionaryArray:
        """Of the values that have one."""
        last = as_numpy(self._parts.offsets)[1:] - 1
        return self._parts.values.take(from_numpy(last[self._qualified])).dictionary_encode()

    @cached_property
    def _qualified(self) -> Mask:
        qualified: Mask = np.diff(as_numpy(self._parts.offsets)) == 2
        return qualified

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
        mask: Mask = np.ones(len(self._facet.dictionary), dtype=np.bool_)
        if descriptors is not None:
            mask &= _carrying(descriptors, self.by_descriptor, self._descriptors)
        if qualifiers is not None:
            held: Mask = np.zeros(len(mask), dtype=np.bool_)
            held[self._qualified] = _carrying(qualifiers, self._by_qualifier, self._qualifiers)
            mask &= held
        if major:
            mask &= self.majors
        return mask


def _numbers(coded: pa.DictionaryArray) -> dict[str, int]:
    return {name: n for n, name in enumerate(coded.dictionary.to_pylist())}


def _carrying(names: Iterable[str], numbers: dict[str, int], coded: pa.DictionaryArray) -> Mask:
    wanted: Mask = np.zeros(len(numbers), dtype=np.bool_)
    wanted[[numbers[name] for name in names if name and name in numbers]] = True
    chosen: Mask = wanted[as_numpy(coded.indices)]
    return chosen


def families(qualifier: str, *, explode: bool) -> frozenset[str]:
    """The subheadings that a `[sh]` term asks for."""
    return qualifier_family(normalise_heading(qualifier), explode=explode)
