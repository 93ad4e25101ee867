"""Why two runs differ: every record gained, lost, revised or decided otherwise, with one cause."""
