"""The 95 % interval of a share."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054
"""The two-sided 95 % point of the normal distribution."""


def wilson(k: float, n: int) -> tuple[float, float]:
    """The 95 % score interval of k of n (Wilson, J Am Stat Assoc 1927;22:209-12). `n` is at least 1."""
    p, z2 = k / n, Z_95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)
