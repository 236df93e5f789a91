"""Reads a YAML file of the city into a typed value, telling every problem at once by file, line and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from shared.errors import ConfigurationError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, model: type[Model], context: dict[str, Any] | None = None) -> Model:
    """Raises ConfigurationError naming file, line or key; `context` reaches the model's validators."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read ({error.strerror}); restore the file"]) from error
    try:
        tree = yaml.load(source, Loader=LOADER)  # noqa: S506 - the safe loader, in C where libyaml is there
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError([f"{path}:{line}: not valid YAML ({error.problem}); mend this line"]) from error
    try:
        return model.model_validate(tree, context=context)
    except ValidationError as error:
        node = yaml.compose(source, Loader=LOADER)
        raise ConfigurationError(
            [
                f"{path}:{_line(node, item['loc'])}: {_key(item['loc'])}{message}"
                for item in error.errors()
                for message in item["msg"].removeprefix("Value error, ").split("\n")
            ]
        ) from error


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) + ": " if location else ""


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The 1-based line of the deepest part of `location` that stands in the file."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
        else:
            found = None
        if found is None:
            break
        node = found
    return node.start_mark.line + 1 if node else 1
