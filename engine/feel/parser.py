"""Tokens to tree: a Pratt parser for the grammar of DMN 1.5, 10.3.1.2."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, DecimalException

from engine.feel import ast, limits
from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError, Source
from engine.feel.lexer import END, NAME, NUMBER, OPERATOR, STRING, Lines, Token, tokens, unescape
from engine.feel.names import KEYWORDS, PROPERTIES, NameIndex, joined, split
from engine.feel.numbers import number
from engine.feel.temporal.text import literal
from engine.feel.types import TYPE_NAMES

OR, AND, COMPARE, ADD, MULTIPLY, POWER, NEGATE, INSTANCE, POSTFIX = range(1, 10)
BINDING = {
    "or": OR, "and": AND, "between": COMPARE, "in": COMPARE, "instance": INSTANCE,
    "=": COMPARE, "!=": COMPARE, "<": COMPARE, "<=": COMPARE, ">": COMPARE, ">=": COMPARE,
    "+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER,
    ".": POSTFIX, "[": POSTFIX, "(": POSTFIX,
}  # fmt: skip
COMPARATORS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_TYPES = NameIndex(TYPE_NAMES)
_NAME_SIGNS = frozenset("./-'’+*")
_WORD_OPERATORS = frozenset(("or", "and", "between", "in", "instance"))
_OPENERS = frozenset(("(", "[", "]", "{", "-", "@"))


class Parser:
    """One text, parsed once. `names` is the scope that decides where a name ends."""

    juel = False

    def __init__(
        self, text: str, names: Iterable[str], functions: Iterable[str], source: Source | None
    ) -> None:
        self.text = text
        self.source = source
        self.tokens = tokens(text, juel=self.juel, source=source)
        self.at = 0
        self.names = NameIndex((*names, *PROPERTIES))
        self.known_functions = frozenset(functions)
        self.functions = NameIndex(self.known_functions)
        self.nesting = 0
        self.in_endpoint = False

    # -- reading tokens ---------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def advance(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != END:
            self.at += 1
        return token

    def sees(self, text: str) -> bool:
        token = self.tokens[self.at]
        return token.text == text and token.kind != STRING

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.sees(text):
            raise self.refuse(text)
        return self.advance()

    def refuse(
        self, expected: str, *, code: str = "feel.syntax.unexpected", token: Token | None = None
    ) -> FeelSyntaxError:
        token = token or self.token
        line, column = Lines(self.text).place(token.start)
        return FeelSyntaxError(
            code, line=line, column=column, expected=expected,
            found=token.text[:40] or None, source=self.source,
        )  # fmt: skip

    # -- whole texts ------------------------------------------------------------------------

    def expression_text(self) -> ast.Node:
        node = self.expression()
        self.expect_end()
        return node

    def unary_text(self) -> ast.Node:
        """Unary tests, rule 15."""
        at = self.token.start
        if self.sees("-") and self.tokens[self.at + 1].kind == END:
            return ast.AnyInput(at=at)
        negated = self._negated()
        if negated is not None:
            return ast.In(None, negated, negated=True, at=at)
        tests = self.tests()
        self.expect_end()
        return ast.In(None, tests, at=at)

    def _negated(self) -> list[ast.Node] | None:
        """The tests of `not(…)` where that is the whole text; else it is a function's name."""
        if not (self.sees("not") and self.tokens[self.at + 1].text == "("):
            return None
        start = self.at
        self.at += 2
        try:
            tests = self.tests()
            self.expect(")")
            self.expect_end()
        except FeelSyntaxError:
            self.at, self.nesting, self.in_endpoint = start, 0, False
            return None
        return tests

    def expect_end(self) -> None:
        if self.token.kind != END:
            raise self.refuse("end")

    # -- expressions ------------------------------------------------------------------------

    def expression(self, binding: float = 0) -> ast.Node:
        self.nesting += 1
        if self.nesting > limits.NESTING:
            raise FeelLimitExceeded("feel.limit.nesting", limit=limits.NESTING)
        node = self.infix(self.prefix(), binding)
        self.nesting -= 1
        return node

    def inside(self) -> ast.Node:
        """An expression between brackets, where no interval end can be meant."""
        outer, self.in_endpoint = self.in_endpoint, False
        node = self.expression()
        self.in_endpoint = outer
        return node

    def binding_of(self, token: Token) -> float:
        if token.kind == OPERATOR or token.text in _WORD_OPERATORS:
            return BINDING.get(token.text, 0) if token.kind != STRING else 0
        return 0

    def infix(self, left: ast.Node, binding: float) -> ast.Node:
        while True:
            token = self.token
            strength = self.binding_of(token)
            if strength <= binding or (token.text == "[" and self.closes_interval()):
                return left
            left = self.continued(left, token, strength)

    def continued(self, left: ast.Node, token: Token, strength: float) -> ast.Node:
        """`left` and the operator after it."""
        self.at += 1
        match token.text:
            case ".":
                return ast.Path(left, self.property_name(), at=token.start)
            case "[":
                return self.filter(left, token)
            case "(":
                return self.call(left, token)
            case "and" | "or":
                return self.junction(left, token, strength)
            case "between":
                low = self.expression(COMPARE)
                self.expect("and")
                return ast.Between(left, low, self.expression(COMPARE), at=token.start)
            case "in":
                return self.membership(left, token)
            case "instance":
                self.expect("of")
                return ast.InstanceOf(left, self.type(), at=token.start)
        return ast.Binary(token.text, left, self.expression(strength), at=token.start)

    def junction(self, left: ast.Node, token: Token, strength: float) -> ast.Node:
        right = self.expression(strength)
        if isinstance(left, ast.Junction) and left.operator == token.text:
            left.operands.append(right)
            return left
        return ast.Junction(token.text, [left, right], at=token.start)

    def closes_interval(self) -> bool:
        """Whether `[` ends an interval such as `[1..10[` rather than begins a filter."""
        if not self.in_endpoint:
            return False
        before, after = self.tokens[self.at - 1], self.tokens[self.at + 1]
        if before.kind in (NUMBER, STRING):
            return True
        if after.kind in (NUMBER, STRING):
            return False
        if after.kind == NAME:
            return after.text in KEYWORDS - {"true", "false", "null", "if", "for", "some", "every"}
        return after.text not in _OPENERS

    def prefix(self) -> ast.Node:
        token = self.advance()
        if token.kind == NUMBER:
            return ast.Constant(self.number(token), at=token.start)
        if token.kind == STRING:
            return ast.Constant(self.string(token), at=token.start)
        if token.kind == NAME:
            return self.word(token)
        return self.sign(token)

    def sign(self, token: Token) -> ast.Node:
        match token.text:
            case "-":
                return ast.Negation(self.expression(NEGATE), at=token.start)
            case "(":
                return self.parenthesis(token)
            case "[":
                return self.bracket(token)
            case "]":
                return self.interval(self.inside(), token, included=False)
            case "{":
                return self.context(token)
            case "@":
                return self.at_literal(token)
        if token.text in COMPARATORS and not self._after_comparator():
            return ast.Comparator(token.text, self.expression(COMPARE), at=token.start)
        raise self.refuse("expression", token=token)

    def _after_comparator(self) -> bool:
        """`a == 3` is meant as another language's equality, never as `a = (= 3)`."""
        return self.at > 1 and self.tokens[self.at - 2].text in COMPARATORS

    def word(self, token: Token) -> ast.Node:
        match token.text:
            case "true" | "false" | "null":
                value = {"true": True, "false": False, "null": None}[token.text]
                return ast.Constant(value, at=token.start)
            case "if":
                return self.conditional(token)
            case "for":
                return self.loop(token)
            case "some" | "every":
                return self.quantified(token)
            case "function" if self.sees("("):
                return self.function(token)
        if token.text in KEYWORDS:
            raise self.refuse("expression", token=token)
        return self.name(token)

    def name(self, token: Token) -> ast.Node:
        name, end = self.names.match(self.tokens, self.at - 1)
        built_in, after = self.functions.match(self.tokens, self.at - 1)
        # "date and time" is a function only where it is called; else it is a conjunction.
        if after > end and (self.tokens[after].text == "(" or "and" not in split(built_in)):
            name, end = built_in, after
        self.at = end
        return ast.Name(name, at=token.start)

    # -- literals ---------------------------------------------------------------------------

    def number(self, token: Token) -> Decimal:
        try:
            return number(token.text)
        except DecimalException:
            raise self.refuse("number", code="feel.syntax.number", token=token) from None

    def string(self, token: Token) -> str:
        value = unescape(token.text)
        if value is None:
            raise self.refuse("string", code="feel.syntax.escape", token=token)
        return value

    def at_literal(self, token: Token) -> ast.Node:
        if self.token.kind != STRING:
            raise self.refuse("string")
        text = self.string(self.advance())
        value = literal(text)
        if value is None:
            return ast.BadLiteral(text, at=token.start)
        return ast.Constant(value, at=token.start)

    def parenthesis(self, token: Token) -> ast.Node:
        node = self.inside()
        if self.sees(".."):
            return self.interval(node, token, included=False)
        self.expect(")")
        return node

    def bracket(self, token: Token) -> ast.Node:
        items: list[ast.Node] = []
        if self.accept("]"):
            return ast.ListLiteral(items, at=token.start)
        items.append(self.inside())
        if self.sees(".."):
            return self.interval(items[0], token, included=True)
        while self.accept(","):
            items.append(self.inside())
        self.expect("]")
        return ast.ListLiteral(items, at=token.start)

    def interval(self, start: ast.Node, token: Token, *, included: bool) -> ast.Node:
        self.expect("..")
        outer, self.in_endpoint = self.in_endpoint, True
        end = self.expression()
        self.in_endpoint = outer
        closing = self.advance()
        if closing.text not in ("]", ")", "["):
            self.at -= closing.kind != END
            raise self.refuse("interval end")
        return ast.RangeLiteral(included, start, end, closing.text == "]", at=token.start)

    def context(self, token: Token) -> ast.Node:
        entries: list[tuple[str, ast.Node]] = []
        if self.accept("}"):
            return ast.ContextLiteral(entries, at=token.start)
        while True:
            key = self.key()
            self.names.add(key)
            entries.append((key, self.inside()))
            if not self.accept(","):
                break
        self.expect("}")
        return ast.ContextLiteral(entries, at=token.start)

    def key(self) -> str:
        if self.token.kind == STRING:
            key = self.string(self.advance())
            self.expect(":")
            return key
        return self.declared(":")

    def declared(self, *stops: str) -> str:
        """A name at the place that declares it: everything up to the sign that ends it."""
        first = self.at
        while not any(self.sees(stop) for stop in stops):
            token = self.token
            signs = token.kind == OPERATOR and token.text not in _NAME_SIGNS
            if token.kind in (END, STRING) or signs:
                raise self.refuse("name" if self.at == first else stops[0])
            self.at += 1
        if self.at == first or self.tokens[first].kind != NAME:
            raise self.refuse("name", token=self.tokens[first])
        name = joined(self.tokens[first : self.at])
        if len(stops) == 1:
            self.at += 1
        return name

    def property_name(self) -> str:
        if self.token.kind != NAME:
            raise self.refuse("name")
        name, end = self.names.match(self.tokens, self.at)
        first, self.at = self.at, end
        # Two words in a row can be nothing else here than one name with a space in it.
        while self.token.kind == NAME and self.token.text not in KEYWORDS:
            self.at += 1
            name = joined(self.tokens[first : self.at])
        return name

    # -- words that begin an expression -----------------------------------------------------

    def conditional(self, token: Token) -> ast.Node:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return ast.If(condition, then, self.expression(), at=token.start)

    def loop(self, token: Token) -> ast.Node:
        iterators = self.iterators("return")
        return ast.For(iterators, self.expression(), at=token.start)

    def quantified(self, token: Token) -> ast.Node:
        iterators = self.iterators("satisfies")
        return ast.Quantified(token.text == "every", iterators, self.expression(), at=token.start)

    def iterators(self, end: str) -> list[ast.Iterator]:
        found: list[ast.Iterator] = []
        while True:
            name = self.declared("in")
            self.names.add(name)
            start = self.expression()
            stop = self.expression() if self.accept("..") else None
            found.append(ast.Iterator(name, start, stop))
            if not self.accept(","):
                break
        self.expect(end)
        return found

    def function(self, token: Token) -> ast.Node:
        self.expect("(")
        parameters: list[ast.Parameter] = []
        while not self.sees(")"):
            name = self.declared(":", ",", ")")
            self.names.add(name)
            parameters.append(ast.Parameter(name, self.type() if self.accept(":") else None))
            if not self.accept(","):
                break
        self.expect(")")
        external = self.accept("external")
        return ast.FunctionDefinition(
            parameters, self.expression(), external=external, at=token.start
        )

    # -- what follows a value ---------------------------------------------------------------

    def filter(self, left: ast.Node, token: Token) -> ast.Node:
        condition = self.inside()
        self.expect("]")
        return ast.Filter(left, condition, at=token.start)

    def call(self, left: ast.Node, token: Token) -> ast.Node:
        arguments: list[ast.Node] = []
        names: list[str] | None = None
        if not self.sees(")"):
            names = [] if self.named() else None
            while True:
                if names is not None:
                    names.append(self.declared(":"))
                arguments.append(self.inside())
                if not self.accept(","):
                    break
        self.expect(")")
        return ast.Call(left, arguments, names, at=left.at)

    def named(self) -> bool:
        """Whether `name :` comes next, so that the parameters are named."""
        index = self.at
        while True:
            token = self.tokens[index]
            if token.text == ":" and token.kind == OPERATOR:
                return index > self.at
            if token.kind in (END, STRING) or (
                token.kind == OPERATOR and token.text not in _NAME_SIGNS
            ):
                return False
            index += 1

    def membership(self, left: ast.Node, token: Token) -> ast.Node:
        opening = self.token
        if not self.accept("("):
            return ast.In(left, [self.expression(COMPARE)], at=token.start)
        tests = [self.inside()]
        if self.sees(".."):
            tests = [self.interval(tests[0], opening, included=False)]
        else:
            while self.accept(","):
                tests.append(self.inside())
            self.expect(")")
        if len(tests) == 1:
            tests = [self.infix(tests[0], COMPARE)]
        return ast.In(left, tests, at=token.start)

    def tests(self) -> list[ast.Node]:
        found = [self.inside()]
        while self.accept(","):
            found.append(self.inside())
        return found

    # -- types ------------------------------------------------------------------------------

    def type(self) -> ast.TypeNode:
        self.nesting += 1
        if self.nesting > limits.NESTING:
            raise FeelLimitExceeded("feel.limit.nesting", limit=limits.NESTING)
        node = self._type()
        self.nesting -= 1
        return node

    def _type(self) -> ast.TypeNode:
        token = self.token
        if token.kind != NAME:
            raise self.refuse("type")
        if self.tokens[self.at + 1].text == "<" and token.text in (
            "list", "range", "context", "function",
        ):  # fmt: skip
            return self.parametric(self.advance().text)
        name, self.at = _TYPES.match(self.tokens, self.at)
        if name not in TYPE_NAMES:
            name, self.at = self.names.match(self.tokens, self.at - 1)
        while self.sees(".") and self.tokens[self.at + 1].kind == NAME:
            self.at += 1
            part, self.at = self.names.match(self.tokens, self.at)
            name += "." + part
        return ast.TypeNode(name)

    def parametric(self, name: str) -> ast.TypeNode:
        self.expect("<")
        node = ast.TypeNode(name, parametric=True)
        while not self.sees(">"):
            if name == "context":
                node.keys.append(self.key())
            node.arguments.append(self.type())
            if not self.accept(","):
                break
        self.expect(">")
        if name == "function":
            self.expect("->")
            node.result = self.type()
        return node
