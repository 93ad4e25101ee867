"""A study: a sample of published reviews whose searches are rerun together, and what comes of it."""
