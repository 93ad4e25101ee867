"""The shares that a study gives, each with its denominator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from resift.studies.model import Study
from resift.studies.outcome import Ending
from resift.studies.results import ReviewResult, SearchResult
from resift.studies.statistics import Share, of_reviews, of_searches


def shares_of(study: Study, searches: Sequence[SearchResult], reviews: Sequence[ReviewResult]) -> list[Share]:
    """Every share of the results; shares of searches are drawn anew by review (`of_searches`)."""
    settings = study.settings

    def clustered(name: str, chosen: Sequence[tuple[str, bool]], of: str) -> Share:
        met: dict[str, list[bool]] = defaultdict(list)
        for review, value in chosen:
            met[review].append(value)
        return of_searches(name, met, of, seed=settings.seed, replicates=settings.replicates)

    ended = [search for search in searches if search.run]
    compared = [search for search in ended if search.within is not None]
    in_pubmed = [review for review in reviews if 0 < review.ended == review.pubmed_searches]
    whole = [review for review in reviews if review.ended == review.searches]
    within = f"count within {settings.measure.within_percent:g} %"
    return [
        of_reviews(
            "reviews whose PubMed search is reproduced",
            [review.reproduced == review.pubmed_searches for review in in_pubmed],
            f"reviews whose every PubMed search was rerun, of {len(reviews)} reviews",
        ),
        of_reviews(
            "reviews reproduced in every database",
            [review.ending is Ending.REPRODUCED for review in whole],
            f"reviews whose every search was rerun, of {len(reviews)} reviews",
        ),
        of_reviews(
            "reviews that report all items for all searches",
            [review.items_reported for review in reviews],
            "all reviews",
        ),
        clustered(
            "searches reproduced",
            [(search.review, search.ending is Ending.REPRODUCED) for search in ended],
            f"PubMed searches rerun, of {len(searches)} searches of the reviews",
        ),
        clustered(
            f"searches with a {within}",
            [(search.review, bool(search.within)) for search in compared],
            f"PubMed searches rerun with a printed count to hold, of {len(searches)} searches of the reviews",
        ),
        clustered(
            "searches with all items reported",
            [(search.review, search.items_reported) for search in searches],
            "all searches of the reviews",
        ),
        clustered(
            "searches attempted",
            [(search.review, search.rerun_possible) for search in searches],
            "all searches of the reviews",
        ),
    ]
