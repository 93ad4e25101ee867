"""Shares with their intervals, and the agreement of two extractors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from resift.intervals import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`k` of `n`, with a 95 % interval. `of` names the denominator; `method` how the interval was made.

    Without a denominator (`n` 0) there is neither share nor interval.
    """

    name: str
    k: int
    n: int
    of: str
    low: float | None = None
    high: float | None = None
    method: str = "none"

    @property
    def share(self) -> float | None:
        """k / n; None where n is 0."""
        return self.k / self.n if self.n else None


def of_reviews(name: str, met: Sequence[bool], of: str) -> Share:
    """A share of reviews, which are independent of one another: Wilson."""
    if not met:
        return Share(name=name, k=0, n=0, of=of)
    low, high = wilson(sum(met), len(met))
    return Share(name=name, k=sum(met), n=len(met), of=of, low=low, high=high, method="Wilson, reviews")


def of_searches(
    name: str, met: Mapping[str, Sequence[bool]], of: str, *, seed: int, replicates: int
) -> Share:
    """A share of searches, `met` by review: searches of one review are alike, so reviews are drawn anew.

    Percentile interval of a cluster bootstrap, the reviews being the clusters. Where the share is 0 or 1
    every draw gives the same, which is no interval: there the Wilson interval over the reviews stands.
    """
    clusters = [(sum(one), len(one)) for one in met.values() if one]
    k, n = sum(a for a, _ in clusters), sum(b for _, b in clusters)
    if not n:
        return Share(name=name, k=0, n=0, of=of)
    if k in (0, n):
        low, high = wilson(0 if k == 0 else len(clusters), len(clusters))
        method = f"Wilson over {len(clusters)} reviews (the share is {0 if k == 0 else 1})"
        return Share(name=name, k=k, n=n, of=of, low=low, high=high, method=method)
    import numpy as np

    dice = np.random.default_rng(seed)
    held = np.array(clusters, dtype=np.int64)
    drawn = held[dice.integers(0, len(held), size=(replicates, len(held)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return Share(
        name=name,
        k=k,
        n=n,
        of=of,
        low=float(low),
        high=float(high),
        method=f"cluster bootstrap over {len(clusters)} reviews, {replicates:,} draws, seed {seed}",
    )


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two raters over any categories; None without pairs, or where chance alone agrees."""
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(first[c] * second[c] for c in first) / n**2
    agreed = sum(a == b for a, b in pairs) / n
    return None if expected >= 1 - 1e-12 else (agreed - expected) / (1 - expected)
