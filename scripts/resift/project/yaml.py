"""The YAML files of a project (configuration, protocol, criteria, study): read, bounded, checked by schema.

All of them come in through `load_yaml` and `validate`, so that each mistake is one line naming file, key and
the nearest valid name.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Hashable, Sequence
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

try:
    from yaml import CSafeLoader as _Safe  # libyaml: ten times as fast
except ImportError:
    from yaml import SafeLoader as _Safe  # type: ignore[assignment]

from resift.errors import ConfigError, nearest
from resift.files import read_at_most
from resift.project.shipped import shipped

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

LARGEST_YAML = 1 << 20
"""Bytes of one YAML file."""
DEEPEST_YAML = 100
"""Lists and mappings within one another."""
MOST_YAML = 20_000
"""Values of one YAML file, aliases written out."""


class _Loader(_Safe):
    """Safe YAML that refuses a key given twice (plain YAML would silently keep the last)."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = str(loader.construct_object(key_node))
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key '{key}' is given twice", key_node.start_mark
            )
        seen.add(key)
    found: dict[Hashable, Any] = loader.construct_mapping(node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file, dates as ISO text. Raises `ConfigError` naming file and line."""
    try:
        data = read_at_most(path, LARGEST_YAML)
        if len(data) > LARGEST_YAML:
            raise ConfigError(f"is longer than {LARGEST_YAML >> 20} MB", where=str(path))
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise ConfigError("no such file", where=str(path), fix=neighbours(path)) from None
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8 text", where=str(path), fix="save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", where=str(path)) from None
    try:
        _check_events(text, str(path))
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            _check_size(node, str(path))
            return plain(loader.construct_document(node) if node is not None else None)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError(f"not valid YAML: {error.problem}", where=f"{path}{line}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"not valid YAML: {error}", where=str(path)) from None


def _check_events(text: str, where: str) -> None:
    """Refuse nesting and numbers of values that the reader could not hold, before it tries."""
    depth = 0
    for n, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if n > MOST_YAML:
            raise ConfigError(f"holds more than {MOST_YAML:,} values", where=where)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST_YAML:
                raise ConfigError(
                    f"is nested more than {DEEPEST_YAML} deep",
                    where=f"{where}, line {event.start_mark.line + 1 if event.start_mark else 0}",
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_size(node: yaml.Node | None, where: str) -> None:
    """Refuse aliases that blow up when they are written out, and those that contain themselves."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        known = sizes.get(id(node))
        if known is None:
            sizes[id(node)] = MOST_YAML + 1  # met again before it is done: it contains itself
            inner = node.value if isinstance(node, yaml.CollectionNode) else ()
            parts = (part for item in inner for part in (item if isinstance(item, tuple) else (item,)))
            known = sizes[id(node)] = 1 + sum(map(size, parts))
        return known

    if node is not None and size(node) > MOST_YAML:
        raise ConfigError(
            f"holds more than {MOST_YAML:,} values when its aliases are written out",
            where=where,
            fix="write out what an alias (*name) stands for, once",
        )


def neighbours(path: Path) -> str:
    """What to do where a file is not there: the name that was meant, "" where none is near."""
    if not path.parent.is_dir():
        return f"the folder {path.parent} does not exist either"
    near = nearest(path.name, sorted(p.name for p in path.parent.iterdir()))
    return f"did you mean {path.with_name(near)}?" if near else ""


def plain(value: Any) -> Any:
    """YAML values as JSON has them: dates become ISO text, keys become text. Raises `ValueError` for numbers
    that it has not."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > 1 << 63:
        raise ValueError("a number of more than 19 digits")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a number that is not finite ({value})")  # the check by schema reads null
    return value


def validate(data: Any, schema: str, *, where: str) -> None:
    """Check `data` against `workflow/schemas/<schema>.schema.yaml`; the first mistake is a `ConfigError`.

    Of the mistakes at one place a key that is unknown comes first: it may be the one that is missing.
    """
    rules, validator = _validator(schema)
    try:
        errors = sorted(validator.iter_errors(data), key=_order)
    except UnicodeEncodeError:
        raise ConfigError("holds a character that is not Unicode", where=where) from None
    if errors:
        raise _explain(errors[0], rules, where)


@cache
def _validator(schema: str) -> tuple[Any, Draft202012Validator]:
    """A schema and what checks it, read once per process: tables are checked row by row."""
    from jsonschema_rs import Draft202012Validator

    path = shipped(f"workflow/schemas/{schema}.schema.yaml")
    rules = yaml.load(path.read_text(encoding="utf-8"), Loader=_Safe)
    return rules, Draft202012Validator(rules)


def _order(error: ValidationError) -> tuple[list[str], bool, str]:
    unknown = error.schema_path[-1] == "additionalProperties"
    return [str(step) for step in error.instance_path], not unknown, error.message


def _explain(error: ValidationError, rules: Any, where: str) -> ConfigError:
    *place, kind = error.schema_path
    around = reduce(lambda part, step: part[step], place, rules)
    of_name = getattr(error.kind, "error", None)  # of a name of a mapping, whose error has the whole mapping
    rule, given = around[kind], cast(Any, of_name or error).instance
    key = ".".join(map(str, error.instance_path))
    at = _at(error)
    if kind == "additionalProperties" and isinstance(given, dict):
        known = sorted(around.get("properties", {}))
        unknown = min(set(given) - set(known))
        full = f"{key}.{unknown}" if key else unknown
        near = nearest(unknown, known)
        fix = f"did you mean '{near}'?" if near else f"known keys: {', '.join(known)}"
        return ConfigError(f"unknown key '{full}'", where=where, fix=fix)
    if kind == "required":
        missing = min(set(rule) - set(given))
        full = f"{key}.{missing}" if key else missing
        return ConfigError(f"key '{full}' is missing", where=where)
    if kind == "enum":
        allowed = [str(v) for v in rule]
        near = nearest(str(given), allowed)
        fix = f"did you mean '{near}'?" if near else f"use one of: {', '.join(allowed)}"
        return ConfigError(f"{at} cannot be '{given}'", where=where, fix=fix)
    if kind == "pattern":
        description = around.get("description", "")
        fix = f"it must match {rule}" + (f" ({description})" if description else "")
        return ConfigError(f"{at} cannot be '{given}'", where=where, fix=fix)
    if kind == "oneOf" and isinstance(given, dict) and "id" in given:
        return ConfigError(
            f"criterion '{given['id']}' needs one of exclude_if, exclude_unless, unclear_unless",
            where=where,
        )
    forms: Sequence[Sequence[ValidationError]] = getattr(error.kind, "context", [])
    if kind == "oneOf" and all(forms):
        return _none_of(error, forms, rules, where)
    if kind == "type":
        return _wrong_type(error, rule if isinstance(rule, list) else [rule], where)
    return ConfigError(f"{at}: {error.message:.160}", where=where)


def _none_of(
    error: ValidationError, forms: Sequence[Sequence[ValidationError]], rules: Any, where: str
) -> ConfigError:
    """A value in none of the forms that it may have: told by those whose type it has, else by all types."""
    types: list[str] = []
    near: list[ConfigError] = []
    for form in forms:
        first = min(form, key=_order)
        kind = first.schema_path[-1] if first.instance_path == error.instance_path else ""
        if kind == "type":
            types += getattr(first.kind, "types", [])
        elif kind != "enum" or isinstance(error.instance, str):  # words do not tell what a number should be
            near.append(_explain(first, rules, where))
    if near:
        fixes = " or ".join(told.fix for told in near if told.fix)
        return ConfigError(near[0].what, where=where, fix=fixes)
    return _wrong_type(error, types, where)


def _wrong_type(error: ValidationError, wanted: Sequence[str], where: str) -> ConfigError:
    given = cast(Any, error.instance)
    told = f"must be {' or '.join(wanted)}, not {type(given).__name__} {given!r:.60}"
    return ConfigError(f"{_at(error)} {told}", where=where)


def _at(error: ValidationError) -> str:
    key = ".".join(map(str, error.instance_path))
    return f"key '{key}'" if key else "the file"


def check_date(text: str, *, where: str) -> None:
    """Raise `ConfigError` unless `text` (YYYY, YYYY-MM or YYYY-MM-DD) is a day of the calendar."""
    parts = [int(part) for part in text.split("-")]
    try:
        datetime.date(*[*parts, 1, 1][:3])
    except ValueError as error:
        raise ConfigError(f"'{text}' is not a date ({error})", where=where) from None


def inside(path: Path, *roots: Path) -> bool:
    """Whether `path` (links followed) lies in one of the folders `roots`."""
    resolved = path.resolve()
    return any(resolved.is_relative_to(root.resolve()) for root in roots)
