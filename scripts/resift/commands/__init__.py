"""The subcommands of `resift`, one module each: `HELP`, `add_arguments(parser)`, `run(args) -> exit code`.

Modules here import nothing heavy at the top, so that `resift --help` stays quick.
"""

#: Each is a module here, with `HELP`, `add_arguments(parser)` and `run(args)`.
COMMANDS = ("compare", "decide", "dedupe", "doctor", "explain", "lint", "new", "run", "search", "serve")
