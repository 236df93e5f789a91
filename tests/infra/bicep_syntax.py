"""Reads the part of Bicep that infra/ uses into a small syntax tree.

Enough of the language to evaluate our own files in tests, where no compiler is at hand; an unknown construct raises
BicepSyntaxError rather than being passed over.
https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|//[^\n]*|/\*.*?\*/)|(?P<line>\n)|(?P<number>\d+)|(?P<word>[A-Za-z_]\w*)
    |(?P<sign>=>|==|!=|<=|>=|&&|\|\||\?\?|::|[-+*/%<>!?:=.,(){}\[\]@])""",
    re.DOTALL | re.VERBOSE,
)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", "\\": "\\", "$": "$"}
POWERS = {"??": 1, "||": 2, "&&": 3, "==": 4, "!=": 4, "<": 5, ">": 5, "<=": 5, ">=": 5, "+": 6, "-": 6, "*": 7, "/": 7}

Node = tuple[Any, ...]


class BicepSyntaxError(Exception):
    """The text is not in the part of the language this reads."""


@dataclass(frozen=True)
class Token:
    kind: str
    value: Any
    line: int


@dataclass
class Statement:
    """kind: targetScope, using, param, var, resource, module or output."""

    kind: str
    name: str
    line: int
    value: Node | None = None
    target: str = ""
    existing: bool = False
    decorators: dict[str, Node | None] = field(default_factory=dict)


def parse(source: str) -> list[Statement]:
    return _Parser(_tokens(source)).statements()


def _tokens(source: str, line: int = 1) -> list[Token]:
    tokens, at = [], 0
    while at < len(source):
        if source[at] == "'":
            parts, at = _string(source, at + 1, line)
            tokens.append(Token("string", parts, line))
            continue
        match = TOKEN.match(source, at)
        if not match:
            raise BicepSyntaxError(f"line {line}: unexpected {source[at]!r}")
        kind, text, at = str(match.lastgroup), match.group(), match.end()
        if kind != "skip":
            tokens.append(Token(kind, int(text) if kind == "number" else text, line))
        line += text.count("\n")
    return [*tokens, Token("end", "", line)]


def _string(source: str, at: int, line: int) -> tuple[list[str | Node], int]:
    """The literal and interpolated parts of a string, and where it ends."""
    parts: list[str | Node] = [""]
    while source[at] != "'":
        if source[at] == "\n":
            raise BicepSyntaxError(f"line {line}: unterminated string")
        if source.startswith("${", at):
            end, depth = at + 2, 1
            while depth:
                if source[end] == "'":
                    _, end = _string(source, end + 1, line)
                    continue
                depth += {"{": 1, "}": -1}.get(source[end], 0)
                end += 1
            parts += [_Parser(_tokens(source[at + 2 : end - 1], line)).expression(), ""]
            at = end
        elif source[at] == "\\":
            parts[-1] = str(parts[-1]) + ESCAPES[source[at + 1]]
            at += 2
        else:
            parts[-1] = str(parts[-1]) + source[at]
            at += 1
    return parts, at + 1


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def is_next(self, *values: str) -> bool:
        return self.now.kind in ("sign", "word") and self.now.value in values

    def take(self, *values: str, kind: str = "") -> Any:
        if (values and not self.is_next(*values)) or (kind and self.now.kind != kind):
            raise BicepSyntaxError(f"line {self.now.line}: expected {values or kind}, found {self.now.value!r}")
        self.at += 1
        return self.tokens[self.at - 1].value

    def maybe(self, value: str) -> bool:
        found = self.is_next(value)
        self.at += found
        return found

    def skip_lines(self) -> None:
        while self.now.kind == "line":
            self.at += 1

    def statements(self) -> list[Statement]:
        found = []
        self.skip_lines()
        while self.now.kind != "end":
            decorators: dict[str, Node | None] = {}
            while self.maybe("@"):
                name = self.take(kind="word")
                arguments = self.sequence("(", ")", self.expression)
                decorators[name] = arguments[0] if arguments else None
                self.skip_lines()
            statement = self.statement()
            statement.decorators = decorators
            found.append(statement)
            self.skip_lines()
        return found

    def statement(self) -> Statement:
        line, kind = self.now.line, self.take(kind="word")
        if kind == "using":
            return Statement(kind, "", line, target=self.take(kind="string")[0])
        if kind == "targetScope":
            self.take("=")
            return Statement(kind, "", line, value=self.expression())
        result = Statement(kind, self.take(kind="word"), line)
        if kind in ("param", "output") and self.now.kind == "word":
            result.target = self.take(kind="word")
        elif kind in ("resource", "module"):
            result.target = self.take(kind="string")[0]
            result.existing = self.maybe("existing")
        elif kind not in ("param", "output", "var"):
            raise BicepSyntaxError(f"line {line}: unknown declaration {kind!r}")
        if kind != "param" or self.is_next("="):
            self.take("=")
            result.value = self.body()
        return result

    def body(self) -> Node:
        if self.maybe("if"):
            self.take("(")
            condition = self.expression()
            self.take(")")
            return ("if", condition, self.body())
        return self.expression()

    def expression(self) -> Node:
        condition = self.binary(0)
        if not self.maybe("?"):
            return condition
        yes = self.expression()
        self.take(":")
        return ("ternary", condition, yes, self.expression())

    def binary(self, least: int) -> Node:
        left = self.unary()
        while self.now.kind == "sign" and POWERS.get(self.now.value, -1) > least:
            sign = self.take()
            left = ("binary", sign, left, self.binary(POWERS[sign]))
        return left

    def unary(self) -> Node:
        if self.is_next("!", "-"):
            return ("unary", self.take(), self.unary())
        node = self.primary()
        while self.is_next(".", "::", "[", "!"):
            sign = self.take()
            if sign == "!":  # "is not null", which changes nothing for the evaluation
                continue
            if sign == "[":
                node = ("index", node, self.expression())
                self.take("]")
            else:
                node = ("index", node, ("text", [self.take(kind="word")]))
        return node

    def primary(self) -> Node:
        token = self.now
        if token.kind == "string":
            return ("text", self.take())
        if token.kind == "number":
            return ("value", self.take())
        if self.is_next("{"):
            return ("object", self.sequence("{", "}", self.property))
        if self.is_next("["):
            return self.array()
        if self.maybe("("):
            node = self.expression()
            self.take(")")
            return node
        name = self.take(kind="word")
        if name in ("true", "false", "null"):
            return ("value", {"true": True, "false": False, "null": None}[name])
        if self.maybe("=>"):
            return ("lambda", name, self.expression())
        if self.is_next("("):
            return ("call", name, self.sequence("(", ")", self.expression))
        return ("name", name)

    def array(self) -> Node:
        if self.tokens[self.at + 1].value != "for":
            return ("array", self.sequence("[", "]", self.expression))
        self.take("[")
        self.take("for")
        names = self.sequence("(", ")", lambda: self.take(kind="word")) if self.is_next("(") else [self.take()]
        self.take("in")
        source = self.expression()
        self.take(":")
        body = self.body()
        self.skip_lines()
        self.take("]")
        return ("for", names, source, body)

    def property(self) -> Any:
        if self.is_next("resource"):
            return self.statement()
        key = ("text", self.take()) if self.now.kind == "string" else ("text", [self.take(kind="word")])
        self.take(":")
        return (key, self.body())

    def sequence(self, opening: str, closing: str, item: Callable[[], Any]) -> list[Any]:
        """Items between brackets, parted by commas or new lines."""
        self.take(opening)
        self.skip_lines()
        items = []
        while not self.is_next(closing):
            items.append(item())
            self.maybe(",")
            self.skip_lines()
        self.take(closing)
        return items
