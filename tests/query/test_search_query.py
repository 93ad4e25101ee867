"""search-query (CoLRev's parser) reads the same tree wherever both accept a query.

Known differences, each left out below on purpose:
- it needs every term tagged or fills a tag in, and refuses untagged words beside tagged ones;
- it reads `1995:2012[dp]` as two terms under RANGE, here it is one range;
- it refuses NOT chains and unknown tags at other places;
- curly quotation marks: it takes them for straight ones, PubMed does not.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

import pytest

from resift.query.nodes import And, Leaf, Node, Not, Or, Proximity
from resift.query.syntax import parse

from . import filters

search_query = pytest.importorskip("search_query.parser")

Shape = tuple[Any, ...]


def ours(node: Node) -> Shape:
    if isinstance(node, And | Or | Not):
        return (node.operator.value, *(ours(child) for child in node.children))
    assert isinstance(node, Leaf | Proximity)
    return ("term", node.text.lower(), node.field.tag)


def theirs(node: Any) -> Shape:
    if node.operator:
        children = [theirs(child) for child in node.children]
        return (str(node.value).upper(), *children)
    tag = str(node.field.value).strip("[]").lower() if node.field else "all"
    return ("term", " ".join(str(node.value).strip('"').lower().split()), parse(f"x1[{tag}]").root.field.tag)  # type: ignore[union-attr]


def flat(shape: Shape) -> Shape:
    """Without groups that repeat the operator of the group around them (brackets that change nothing)."""
    if shape[0] == "term":
        return shape
    out: list[Any] = [shape[0]]
    for i, child in enumerate(flat(child) for child in shape[1:]):
        if child[0] == shape[0] and (shape[0] != "NOT" or i == 0):
            out.extend(child[1:])
        else:
            out.append(child)
    return tuple(out)


def read_by_theirs(text: str) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):
        return search_query.parse(text, platform="pubmed")


QUERIES = [
    "asthma[tiab] AND cough[ti]",
    "asthma[tiab] OR cough[ti] AND croup[mh]",
    "asthma[tiab] AND (cough[ti] OR croup[mh])",
    "(asthma[tiab] OR wheez*[tiab]) AND (cough[ti] OR croup[mh]) AND english[la]",
    '"heart attack"[tiab] OR "myocardial infarction"[mh]',
    "((asthma[tiab]))",
    "asthma[tiab] NOT (animals[mh] NOT humans[mh])",
    "(asthma[tiab] AND cough[tiab]) AND croup[tiab]",
    "asthma[Title/Abstract] AND review[Publication Type]",
    "(a1[ti] OR b1[ti]) AND (c1[ti] OR d1[ti]) AND (e1[ti] OR (f1[ti] AND g1[ti]))",
]


@pytest.mark.parametrize("text", QUERIES)
def test_the_same_tree_for_ordinary_queries(text: str) -> None:
    assert flat(ours(parse(text).root)) == flat(theirs(read_by_theirs(text)))


def test_the_same_tree_for_the_cochrane_filter() -> None:
    text = " ".join(filters.COCHRANE_RCT.split())
    assert flat(ours(parse(text).root)) == flat(theirs(read_by_theirs(text)))


@pytest.mark.slow
def test_the_same_tree_for_published_strategies(strategies: list[dict[str, Any]]) -> None:
    same: list[Any] = []
    refused: list[Any] = []
    different: list[Any] = []
    for strategy in strategies:
        text = " ".join(strategy["query_edited"].split())
        try:
            found = read_by_theirs(text)
        except Exception:
            refused.append(strategy["id"])
            continue
        mine, other = flat(ours(parse(text).root)), flat(theirs(found))
        (same if mine == other else different).append(strategy["id"])
    assert len(same) >= 15, (same, refused, different)
    assert not different, different
