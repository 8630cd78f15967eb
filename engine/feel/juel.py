"""JUEL and templates: what Camunda 7 diagrams write between `${` and `}`, as a FEEL tree.

Everything of FEEL is understood here too; added are `== && || ! % ?:`, the words `eq ne lt le gt
ge div mod empty`, strings in single quotes, and `x[0]`, which counts from 0. A method call on a
bean is refused: diagrams hold no code.
"""

from __future__ import annotations

from engine.feel import ast
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import NAME, OPERATOR, STRING, Lines, Token
from engine.feel.parser import MULTIPLY, NEGATE, Parser

_ALIASES = {
    "==": "=", "&&": "and", "||": "or", "eq": "=", "ne": "!=", "lt": "<", "le": "<=",
    "gt": ">", "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip
_CONDITIONAL = 0.5  # weaker than `or`


class JuelParser(Parser):
    juel = True

    def binding_of(self, token: Token) -> float:
        if token.kind == STRING:
            return 0
        if token.text == "?" and token.kind == OPERATOR:
            return _CONDITIONAL
        if token.text in ("%", "mod"):
            return MULTIPLY
        alias = _ALIASES.get(token.text)
        return super().binding_of(token if alias is None else self._as(token, alias))

    def _as(self, token: Token, text: str) -> Token:
        return Token(NAME if text.isalpha() else OPERATOR, text, token.start, token.end)

    def continued(self, left: ast.Node, token: Token, strength: float) -> ast.Node:
        if token.text == "?":
            return self._choice(left, token)
        if token.text in ("%", "mod"):
            self.at += 1
            modulo = ast.Name("modulo", at=token.start)
            return ast.Call(modulo, [left, self.expression(MULTIPLY)], None, at=token.start)
        alias = _ALIASES.get(token.text)
        if token.text == "(" and not isinstance(left, ast.Name):
            raise self._refuse_call(left, token)
        return super().continued(left, self._as(token, alias) if alias else token, strength)

    def _choice(self, condition: ast.Node, token: Token) -> ast.Node:
        self.at += 1
        then = self.expression()
        self.expect(":")
        return ast.If(condition, then, self.expression(), at=token.start)

    def call(self, left: ast.Node, token: Token) -> ast.Node:
        if isinstance(left, ast.Name) and left.name not in self.known_functions:
            raise self._refuse_call(left, token)
        return super().call(left, token)

    def _refuse_call(self, callee: ast.Node, token: Token) -> FeelSyntaxError:
        name = callee.name if isinstance(callee, ast.Name | ast.Path) else token.text
        at = Token(NAME, name, callee.at, callee.at + len(name))
        return self.refuse("function", code="feel.syntax.method", token=at)

    def filter(self, left: ast.Node, token: Token) -> ast.Node:
        key = self.inside()
        self.expect("]")
        return ast.Index(left, key, at=token.start)

    def word(self, token: Token) -> ast.Node:
        if token.text == "empty":
            return ast.Empty(self.expression(NEGATE), at=token.start)
        if token.text == "not" and not self.sees("("):
            return self._not(token)
        return super().word(token)

    def sign(self, token: Token) -> ast.Node:
        if token.text == "!":
            return self._not(token)
        return super().sign(token)

    def _not(self, token: Token) -> ast.Node:
        operand = self.expression(NEGATE)
        return ast.Call(ast.Name("not", at=token.start), [operand], None, at=token.start)


def unwrapped(text: str) -> tuple[str, int]:
    """The inside of a text that is one `${…}` or `#{…}`, and where it begins.

    Raises FeelSyntaxError for `${` without `}`.
    """
    stripped = text.strip()
    if stripped[:2] not in ("${", "#{"):
        return text, 0
    if not stripped.endswith("}"):
        raise _unclosed(text, text.index(stripped))
    return stripped[2:-1], text.index(stripped) + 2


def segments(text: str) -> list[tuple[bool, str, int]]:
    """A template in parts: whether it is an expression, its text, and where it begins.

    Raises FeelSyntaxError for `${` without `}`.
    """
    parts: list[tuple[bool, str, int]] = []
    at = 0
    while at < len(text):
        start = _opening(text, at)
        if start > at:
            parts.append((False, text[at:start], at))
        if start == len(text):
            break
        end = _closing(text, start + 2)
        if end is None:
            raise _unclosed(text, start)
        parts.append((True, text[start + 2 : end], start + 2))
        at = end + 1
    return parts


def _unclosed(text: str, at: int) -> FeelSyntaxError:
    line, column = Lines(text).place(at)
    return FeelSyntaxError("feel.syntax.template", line=line, column=column, expected="}")


def _opening(text: str, at: int) -> int:
    found = [index for index in (text.find("${", at), text.find("#{", at)) if index >= 0]
    return min(found, default=len(text))


def _closing(text: str, at: int) -> int | None:
    """Where the brace opened before `at` closes; braces in strings and contexts do not count."""
    depth, quote = 0, ""
    index = at
    while index < len(text):
        letter = text[index]
        if letter == "\\":
            index += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            depth += 1
        elif letter == "}":
            if depth == 0:
                return index
            depth -= 1
        index += 1
    return None
