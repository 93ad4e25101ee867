"""What a wheel carries beside the library: the workflow with its steps and schemas, and the demo review.

`resift.project.shipped` finds them again. An editable install needs no copy: it reads the checkout.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    "workflow/**/*",
    "scripts/*.py",
    "environment.yml",
    "config/README.md",
    "config/demo.yaml",
    "config/demo/*.yaml",
    "config/demo/*.csv",
    "config/demo/corpus/*",
    "config/reviews/rossi-2014/*",
    "config/studies/demo/*",
)


class CarryProject(BuildHookInterface):  # type: ignore[type-arg]
    """Add the carried files to a wheel as `resift/_project/...`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        for pattern in CARRIED:
            for path in root.glob(pattern):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = path.relative_to(root).as_posix()
                    build_data["force_include"][str(path)] = f"resift/_project/{name}"
