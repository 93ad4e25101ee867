"""The subcommands of `resift`, one module each: `HELP`, `add_arguments(parser)`, `run(args) -> exit code`.

Modules here import nothing heavy at the top, so that `resift --help` stays quick.
"""

#: Each is a module here (`audit-sample` is `audit_sample`), with `HELP`, `add_arguments` and `run`.
COMMANDS = (
    "archive",
    "audit-sample",
    "challenge",
    "compare",
    "decide",
    "dedupe",
    "demo",
    "doctor",
    "explain",
    "lint",
    "new",
    "package",
    "replay",
    "run",
    "search",
    "serve",
    "study",
    "verify",
)
