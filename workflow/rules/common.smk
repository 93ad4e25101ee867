# Paths of this run, from the declarations of its files.


def at(file, **fixed):
    """The path of a file of this run; wildcards that are not given stay."""
    return expand(f"{RUN}/{file.pattern}", allow_missing=True, **fixed)[0]


def lanes(file):
    """The paths of a file of this run in both lanes, databases first."""
    return [at(file, lane=lane) for lane in tables.LANES]
