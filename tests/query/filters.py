"""Well-known public search filters, as published for PubMed."""

# Cochrane Handbook, Technical Supplement to Chapter 4, box 3.c: sensitivity-maximising version (2008).
COCHRANE_RCT = """
((randomized controlled trial [pt]) OR (controlled clinical trial [pt]) OR (randomized [tiab]) OR
(placebo [tiab]) OR (drug therapy [sh]) OR (randomly [tiab]) OR (trial [tiab]) OR (groups [tiab]))
NOT (animals [mh] NOT humans [mh])
"""

COCHRANE_RCT_LINES = """
#1 randomized controlled trial [pt]
#2 controlled clinical trial [pt]
#3 randomized [tiab]
#4 placebo [tiab]
#5 drug therapy [sh]
#6 randomly [tiab]
#7 trial [tiab]
#8 groups [tiab]
#9 #1 OR #2 OR #3 OR #4 OR #5 OR #6 OR #7 OR #8
#10 animals [mh] NOT humans [mh]
#11 #9 NOT #10
"""

# Cochrane Handbook, box 3.d: sensitivity- and precision-maximising version.
COCHRANE_RCT_PRECISE = """
(randomized controlled trial [pt] OR controlled clinical trial [pt] OR randomized [tiab] OR placebo [tiab] OR
clinical trials as topic [mesh: noexp] OR randomly [tiab] OR trial [ti]) NOT (animals [mh] NOT humans [mh])
"""

# NLM, "Search Strategy Used to Create the PubMed Systematic Reviews Filter" (2019 form).
SYSTEMATIC_REVIEWS = """
(((systematic review[ti] OR systematic literature review[ti] OR systematic scoping review[ti] OR
systematic narrative review[ti] OR systematic qualitative review[ti] OR systematic evidence review[ti] OR
systematic quantitative review[ti] OR systematic meta-review[ti] OR systematic critical review[ti] OR
systematic mixed studies review[ti] OR systematic mapping review[ti] OR systematic cochrane review[ti] OR
systematic search and review[ti] OR systematic integrative review[ti]) NOT comment[pt] NOT
(protocol[ti] OR protocols[ti])) NOT MEDLINE [subset]) OR (Cochrane Database Syst Rev[ta] AND review[pt]) OR
systematic review[pt]
"""

ALL = {
    "Cochrane RCT": COCHRANE_RCT,
    "Cochrane RCT by lines": COCHRANE_RCT_LINES,
    "Cochrane RCT, precise": COCHRANE_RCT_PRECISE,
    "systematic reviews": SYSTEMATIC_REVIEWS,
}
