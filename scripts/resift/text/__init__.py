"""The words of citations, each kind read in one place.

Every room that compares or searches asks here, so that two of them never give two answers.
"""
