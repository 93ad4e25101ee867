"""Synthetic PubMed records for the demo: what a record holds, its prose, and the special cases."""
