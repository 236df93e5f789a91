"""Evaluates infra/*.bicep as a deployment would, without Azure: what resources come out, with which names and values.

What only Azure knows (an identity's object id, a service's address) becomes a `Runtime` text that names where it would
come from, such as `<identity.properties.principalId>`, so that two uses of the same thing compare equal.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.infra.bicep_syntax import Node, Statement, parse

INFRA = Path(__file__).resolve().parents[2] / "infra"
SUBSCRIPTION = "00000000-0000-0000-0000-00000000c17e"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-podatelna"
TENANT = "00000000-0000-0000-0000-00000000bb00"


class ConstraintError(Exception):
    """A parameter breaks its decorators, as the compiler or Azure would say before anything is deployed."""


class Runtime(str):
    """A value that only Azure knows."""

    __slots__ = ()


@dataclass
class Resource:
    """One resource of a deployment, or a reference to an existing one. `path` is the name with its parents'."""

    type: str
    version: str
    symbol: str
    existing: bool
    path: str = ""
    scope: Resource | None = None
    body: dict[str, Any] = field(default_factory=dict)
    nested: dict[str, Resource] = field(default_factory=dict)

    @property
    def id(self) -> str:
        if self.scope and self.type.startswith(("Microsoft.Authorization/", "Microsoft.Insights/diagnostic")):
            return f"{self.scope.id}/providers/{self.type}/{self.path}"
        names = iter(self.path.split("/"))
        namespace, *types = self.type.split("/")
        return f"{GROUP}/providers/{namespace}" + "".join(f"/{kind}/{next(names)}" for kind in types)

    def get(self, key: str) -> Any:
        if key in self.nested:
            return self.nested[key]
        if key in ("id", "name"):
            return self.id if key == "id" else self.path.rsplit("/", 1)[-1]
        return Runtime(f"<{self.symbol}.{key}>")


@dataclass
class Deployment:
    resources: list[Resource] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    modules: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.type == kind]

    def one(self, kind: str, name: str = "") -> Resource:
        (found,) = [resource for resource in self.of(kind) if resource.path.endswith(name)]
        return found


@cache
def statements(path: Path) -> tuple[Statement, ...]:
    return tuple(parse(path.read_text(encoding="utf-8")))


def parameters(path: Path, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The values a .bicepparam file gives."""
    scope = _Scope(path, {}, {}, environment or {})
    return {s.name: scope.eval(s.value, {}) for s in statements(path) if s.kind == "param" and s.value}


def deploy(path: Path, given: Mapping[str, Any], files: Mapping[str, Any] | None = None) -> Deployment:
    """`files` replaces what loadYamlContent reads, by file name."""
    return _Scope(path, dict(given), dict(files or {}), {}).deploy()


class _Scope:
    def __init__(
        self, path: Path, given: dict[str, Any], files: dict[str, Any], environment: Mapping[str, str]
    ) -> None:
        self.path, self.given, self.files, self.environment = path, given, files, environment
        self.declared = {s.name: s for s in statements(path) if s.kind in ("param", "var", "resource", "module")}
        self.values: dict[str, Any] = {}
        self.result = Deployment()

    def deploy(self) -> Deployment:
        unknown = set(self.given) - {s.name for s in self.declared.values() if s.kind == "param"}
        if unknown:
            raise ConstraintError(f"{self.path.name}: no parameter {sorted(unknown)}")
        for name in self.declared:
            self.value(name)
        for statement in statements(self.path):
            if statement.kind == "output":
                self.result.outputs[statement.name] = self.eval(statement.value, {})
        return self.result

    def value(self, name: str) -> Any:
        if name not in self.values:
            statement = self.declared[name]
            self.values[name] = getattr(self, f"_{statement.kind}")(statement)
        return self.values[name]

    def _param(self, statement: Statement) -> Any:
        if statement.name in self.given:
            value = self.given[statement.name]
        elif statement.value:
            value = self.eval(statement.value, {})
        else:
            raise ConstraintError(f"{self.path.name}: parameter {statement.name} is missing")
        limits = {key: self.eval(node, {}) for key, node in statement.decorators.items() if node}
        size = len(value) if isinstance(value, str | list | dict) else 0
        broken = [
            f"{key} {limit}"
            for key, limit in limits.items()
            if (key == "allowed" and value not in limit)
            or (key == "minLength" and size < limit)
            or (key == "maxLength" and size > limit and not isinstance(value, Runtime))
            or (key == "minValue" and value < limit)
            or (key == "maxValue" and value > limit)
        ]
        if broken:
            raise ConstraintError(f"{self.path.name}: {statement.name} = {value!r} breaks {', '.join(broken)}")
        return value

    def _var(self, statement: Statement) -> Any:
        return self.eval(statement.value, {})

    def _resource(self, statement: Statement) -> Any:
        return self._each(statement, lambda body, names: self._declare(statement, body, names))

    def _each(self, statement: Statement, make: Any) -> Any:
        body = statement.value or ("object", [])
        if body[0] != "for":
            return make(body, {})
        return [make(body[3], names) for names in self._rounds(body, {})]

    def _declare(self, statement: Statement, body: Node, names: Mapping[str, Any], parent: Any = None) -> Resource:
        wanted = True
        if body[0] == "if":
            wanted, body = bool(self.eval(body[1], names)), body[2]
        fields = {item[0][1][0]: item[1] for item in body[1] if isinstance(item, tuple)}
        kind, _, version = statement.target.partition("@")
        if "parent" in fields:
            parent = self.eval(fields["parent"], names)
        if parent and "/" not in kind:
            kind, version = f"{parent.type}/{kind}", parent.version
        resource = Resource(kind, version, f"{self.path.stem}.{statement.name}", statement.existing)
        own = str(self.eval(fields["name"], names))
        resource.path = f"{parent.path}/{own}" if parent else own
        if "scope" in fields:
            resource.scope = self.eval(fields["scope"], names)
        for item in body[1]:
            if isinstance(item, Statement):
                resource.nested[item.name] = self._declare(item, item.value or ("object", []), names, resource)
        if wanted and not statement.existing:
            skipped = ("name", "parent", "scope", "dependsOn")
            resource.body = {k: self.eval(v, names) for k, v in fields.items() if k not in skipped}
            self.result.resources.append(resource)
        return resource

    def _module(self, statement: Statement) -> Any:
        return self._each(statement, lambda body, names: self._nest(statement, body, names))

    def _nest(self, statement: Statement, body: Node, names: Mapping[str, Any]) -> dict[str, Any]:
        if body[0] == "if":
            if not self.eval(body[1], names):
                return {}
            body = body[2]
        fields = {item[0][1][0]: item[1] for item in body[1]}
        inner = _Scope(
            self.path.parent / statement.target, self.eval(fields["params"], names), self.files, self.environment
        )
        done = inner.deploy()
        self.result.resources += done.resources
        self.result.modules += [str(self.eval(fields["name"], names)), *done.modules]
        return {"outputs": done.outputs}

    def _rounds(self, node: Node, names: Mapping[str, Any]) -> list[dict[str, Any]]:
        items = self.eval(node[2], names)
        if len(node[1]) == 1:
            return [{**names, node[1][0]: item} for item in items]
        return [{**names, node[1][0]: item, node[1][1]: index} for index, item in enumerate(items)]

    def eval(self, node: Any, names: Mapping[str, Any]) -> Any:
        return getattr(self, f"_eval_{node[0]}")(node, names)

    def _eval_value(self, node: Node, _: Mapping[str, Any]) -> Any:
        return node[1]

    def _eval_text(self, node: Node, names: Mapping[str, Any]) -> str:
        return "".join(part if isinstance(part, str) else _text(self.eval(part, names)) for part in node[1])

    def _eval_name(self, node: Node, names: Mapping[str, Any]) -> Any:
        return names[node[1]] if node[1] in names else self.value(node[1])

    def _eval_object(self, node: Node, names: Mapping[str, Any]) -> dict[str, Any]:
        return {self.eval(key, names): self.eval(value, names) for key, value in node[1]}

    def _eval_array(self, node: Node, names: Mapping[str, Any]) -> list[Any]:
        return [self.eval(item, names) for item in node[1]]

    def _eval_for(self, node: Node, names: Mapping[str, Any]) -> list[Any]:
        return [self.eval(node[3], round_) for round_ in self._rounds(node, names)]

    def _eval_ternary(self, node: Node, names: Mapping[str, Any]) -> Any:
        return self.eval(node[2] if self.eval(node[1], names) else node[3], names)

    def _eval_unary(self, node: Node, names: Mapping[str, Any]) -> Any:
        value = self.eval(node[2], names)
        return not value if node[1] == "!" else -value

    def _eval_binary(self, node: Node, names: Mapping[str, Any]) -> Any:
        left = self.eval(node[2], names)
        if node[1] in ("&&", "||"):
            return (left and self.eval(node[3], names)) if node[1] == "&&" else (left or self.eval(node[3], names))
        right = self.eval(node[3], names)
        return {"==": lambda: left == right, "!=": lambda: left != right, "+": lambda: left + right,
                "/": lambda: left // right, "-": lambda: left - right}[node[1]]()  # fmt: skip

    def _eval_index(self, node: Node, names: Mapping[str, Any]) -> Any:
        base, key = self.eval(node[1], names), self.eval(node[2], names)
        if isinstance(base, Resource):
            return base.get(key)
        return Runtime(f"{base[:-1]}.{key}>") if isinstance(base, Runtime) else base[key]

    def _eval_lambda(self, node: Node, names: Mapping[str, Any]) -> Any:
        return lambda item: self.eval(node[2], {**names, node[1]: item})

    def _eval_call(self, node: Node, names: Mapping[str, Any]) -> Any:
        arguments = [self.eval(item, names) for item in node[2]]
        if node[1] == "loadYamlContent":
            file = self.path.parent / arguments[0]
            return self.files.get(file.name) or yaml.safe_load(file.read_text(encoding="utf-8"))
        if node[1] == "loadTextContent":
            return (self.path.parent / arguments[0]).read_text(encoding="utf-8")
        if node[1] == "readEnvironmentVariable":
            return self.environment.get(*arguments)
        return FUNCTIONS[node[1]](*arguments)


def _text(value: Any) -> str:
    return {True: "True", False: "False"}[value] if isinstance(value, bool) else str(value)


def _digest(*parts: Any) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


FUNCTIONS: dict[str, Any] = {
    "cidrSubnet": lambda space, size, index: str(list(ipaddress.ip_network(space).subnets(new_prefix=size))[index]),
    "concat": lambda *lists: [item for part in lists for item in part],
    "contains": lambda whole, part: part in whole,
    "empty": lambda value: not value,
    "environment": lambda: {
        "suffixes": {"storage": "core.windows.net"},
        "authentication": {"loginEndpoint": "https://login.microsoftonline.com/"},
    },
    "filter": lambda items, keep: [item for item in items if keep(item)],
    "guid": lambda *parts: str(uuid.UUID(_digest(*parts)[:32])),
    "items": lambda value: [{"key": key, "value": value[key]} for key in sorted(value)],
    "listKeys": lambda *_: {"systemKeys": {"blobs_extension": Runtime("<systemKey>")}},
    "max": max,
    "replace": lambda text, old, new: text.replace(old, new),
    "resourceGroup": lambda: {"id": GROUP, "name": "rg-podatelna", "location": "westeurope"},
    "resourceId": lambda kind, name: f"{GROUP}/providers/{kind}/{name}",
    "string": lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else _text(value),
    "subscription": lambda: {"id": f"/subscriptions/{SUBSCRIPTION}"},
    "subscriptionResourceId": lambda kind, name: f"/subscriptions/{SUBSCRIPTION}/providers/{kind}/{name}",
    "take": lambda value, count: value[:count],
    "tenant": lambda: {"tenantId": TENANT},
    "toLower": str.lower,
    "toObject": lambda items, key, value: {key(item): value(item) for item in items},
    "toUpper": str.upper,
    "union": lambda *parts: {key: value for part in parts for key, value in part.items()},
    "uniqueString": lambda *parts: _digest(*parts)[:13],
    "utcNow": lambda _: "2026-11-01",
}
