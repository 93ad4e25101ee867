"""resift: rerun a published review's literature search, exactly, and audit every decision."""

__version__ = "0.1.0"
