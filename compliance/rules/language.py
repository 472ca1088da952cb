"""The part of CEL that an item may use, parsed and typed. Invariant: what passes cannot mislead.

Only comparisons of facts of one type, `!`, `&&`, `||`, `in` a list of literals, `size()`, whole
numbers with `+`, `-` and `*`, and one `exists` or `all` over a list of words. Everything that CEL
answers with a silent false (has, `in` on facts, words nobody uses, other types) is refused here.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from compliance.facts import LISTING_TOPICS, ORDER_TOPICS, TOPICS, Fact, fact_at

MOST_CHARACTERS = 1_000
MOST_DEPTH = 12
MOST_MACROS = 1
MOST_NUMBER = 2**53 - 1

Type = Literal["yes_no", "count", "word", "words"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+)|(?P<word>'[^'\\\n]*'|\"[^\"\\\n]*\")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\|\||&&|==|!=|<=|>=|[<>!()\[\],.+*-]))"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, and at which character (from 0)."""

    position: int
    code: str
    values: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """Parsing cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Node:
    """One typed part of an expression. `literal` is its value if it is one, `fact` its path."""

    type: Type
    position: int
    depth: int = 1
    literal: str | int | bool | None = None
    values: tuple[str, ...] = ()
    fact: str = ""
    bound: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether this is a literal, and so never unknown."""
        return self.literal is not None


@dataclass(slots=True)
class Expression:
    """What an expression refers to, and every fault in it."""

    facts: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def topics(self) -> set[str]:
        """The topics of the facts referred to."""
        return {path.partition(".")[0] for path in self.facts}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(source: str, *, evidence: Iterable[str] = ()) -> Expression:
    """Parse and type `source`; `evidence` are the keys that `evidence.<key>` may name."""
    found = Expression()
    if len(source) > MOST_CHARACTERS:
        found.faults.append(_fault(MOST_CHARACTERS, "too-long", most=MOST_CHARACTERS))
        return found
    try:
        parser = _Parser(_tokens(source), frozenset(evidence), found)
        parser.whole()
    except Refused as refused:
        found.faults.append(refused.fault)
    return found


def flattened(source: str) -> str:
    """Return `source` with each `topic.name` as the one variable `topic__name`.

    CEL converts a flat variable once and many times faster than a map, and a missing one raises
    just as a missing key does.
    """
    tokens = _tokens(source)
    parts: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "name" and token.text in _FLAT and tokens[at + 1].text == ".":
            parts.append(variable(f"{token.text}.{tokens[at + 2].text}"))
            at += 3
        else:
            parts.append(token.text)
            at += 1
    return " ".join(parts)


def variable(path: str) -> str:
    """Return the CEL variable that stands for the fact or evidence at `path`."""
    return path.replace(".", "__")


_FLAT = {*TOPICS, "evidence"}


def _fault(position: int, code: str, **values: object) -> Fault:
    return Fault(position, code, tuple((key, str(value)) for key, value in values.items()))


def _tokens(source: str) -> list[_Token]:
    tokens, position = [], 0
    end = len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            raise Refused(_fault(position, "syntax", found=source[position : position + 10]))
        tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        position = match.end()
    tokens.append(_Token("end", "", end))
    return tokens


class _Parser:
    """Recursive descent over the tokens; nesting is bounded before it is followed."""

    def __init__(self, tokens: list[_Token], evidence: frozenset[str], found: Expression) -> None:
        self.tokens, self.evidence, self.found = tokens, evidence, found
        self.at = self.macros = self.open = 0
        self.variable, self.variable_values = "", ()  # type: str, tuple[str, ...]

    def whole(self) -> None:
        node = self.disjunction()
        if self.now.kind != "end":
            raise Refused(_fault(self.now.position, "syntax", found=self.now.text))
        self.expect(node, "yes_no")
        if not self.found.facts and not self.found.evidence:
            self.fault(0, "constant")

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def taken(self, *texts: str) -> _Token | None:
        token = self.now
        if token.kind not in ("sign", "name") or token.text not in texts:
            return None
        self.at += 1
        return token

    def needed(self, text: str) -> _Token:
        token = self.taken(text)
        if token is None:
            raise Refused(_fault(self.now.position, "syntax", found=self.now.text or "the end"))
        return token

    def named(self) -> _Token:
        token = self.now
        if token.kind != "name":
            raise Refused(_fault(token.position, "syntax", found=token.text or "the end"))
        self.at += 1
        return token

    def fault(self, position: int, code: str, **values: object) -> None:
        self.found.faults.append(_fault(position, code, **values))

    def expect(self, node: Node, wanted: Type) -> None:
        if node.type != wanted:
            self.fault(node.position, "type", found=node.type, wanted=wanted)

    def disjunction(self) -> Node:
        return self.joined(self.conjunction, "||")

    def conjunction(self) -> Node:
        return self.joined(self.relation, "&&")

    def joined(self, part: Callable[[], Node], sign: str) -> Node:
        node = part()
        while self.taken(sign):
            right = part()
            self.expect(node, "yes_no")
            self.expect(right, "yes_no")
            node = self.nested("yes_no", node, right)
        return node

    def relation(self) -> Node:
        left = self.addition()
        token = self.taken("==", "!=", "<", "<=", ">", ">=", "in")
        if token is None:
            return left
        if token.text == "in":
            return self.membership(left, token)
        right = self.addition()
        self.compare(left, right, token)
        return self.nested("yes_no", left, right)

    def membership(self, left: Node, token: _Token) -> Node:
        if not self.taken("["):
            raise Refused(_fault(token.position, "in-on-facts"))
        if left.is_literal:
            self.fault(left.position, "literals")
        elements = [self.primary()]
        while self.taken(","):
            elements.append(self.primary())
        self.needed("]")
        for element in elements:
            if not element.is_literal:
                self.fault(element.position, "in-on-facts")
            else:
                self.compare(left, element, _Token("sign", "==", element.position))
        return self.nested("yes_no", left, *elements)

    def compare(self, left: Node, right: Node, token: _Token) -> None:
        if left.type != right.type:
            self.fault(token.position, "types-differ", left=left.type, right=right.type)
        elif left.type == "words" or (left.type != "count" and token.text not in ("==", "!=")):
            self.fault(token.position, "not-comparable", type=left.type, sign=token.text)
        elif left.is_literal and right.is_literal:
            self.fault(token.position, "literals")
        else:
            self.known_word(left, right)
            self.known_word(right, left)

    def known_word(self, node: Node, literal: Node) -> None:
        closed = node.values and literal.type == "word" and literal.is_literal
        if closed and literal.literal not in node.values:
            self.fault(literal.position, "word", word=literal.literal, fact=node.fact)

    def addition(self) -> Node:
        node = self.product()
        while token := self.taken("+", "-"):
            node = self.arithmetic(node, self.product(), token)
        return node

    def product(self) -> Node:
        node = self.unary()
        while token := self.taken("*"):
            node = self.arithmetic(node, self.unary(), token)
        return node

    def arithmetic(self, left: Node, right: Node, token: _Token) -> Node:
        for node in (left, right):
            if node.type != "count":
                self.fault(token.position, "arithmetic", found=node.type)
        return self.nested("count", left, right)

    def unary(self) -> Node:
        token = self.taken("!")
        if token is None:
            return self.primary()
        with_depth = self.deeper(token)
        node = self.unary()
        self.open -= with_depth
        self.expect(node, "yes_no")
        return self.nested("yes_no", node)

    def deeper(self, token: _Token) -> int:
        self.open += 1
        if self.open > MOST_DEPTH:
            raise Refused(_fault(token.position, "too-deep", most=MOST_DEPTH))
        return 1

    def nested(self, kind: Type, *parts: Node) -> Node:
        """Return the node over `parts`; a chain of one operator is as deep as CEL nests it."""
        depth = 1 + max(part.depth for part in parts)
        if depth > MOST_DEPTH:
            raise Refused(_fault(parts[0].position, "too-deep", most=MOST_DEPTH))
        return Node(kind, parts[0].position, depth)

    def primary(self) -> Node:
        token = self.now
        if token.kind == "number":
            return self.numeral()
        if token.kind == "word":
            self.at += 1
            return Node("word", token.position, literal=token.text[1:-1])
        if bracket := self.taken("("):
            self.deeper(bracket)
            node = self.disjunction()
            self.needed(")")
            self.open -= 1
            return node
        return self.reference(self.named())

    def numeral(self) -> Node:
        token = self.now
        self.at += 1
        number = int(token.text[:20])
        if number > MOST_NUMBER:
            raise Refused(_fault(token.position, "number", most=MOST_NUMBER))
        return Node("count", token.position, literal=number)

    def reference(self, token: _Token) -> Node:
        if token.text in ("true", "false"):
            return Node("yes_no", token.position, literal=token.text == "true")
        if token.text == "size" and self.now.text == "(":
            return self.size(token)
        if self.variable and token.text == self.variable and self.now.text != ".":
            return Node("word", token.position, values=self.variable_values, bound=True)
        if self.now.text == "(":
            raise Refused(_fault(token.position, "function", name=token.text))
        if self.now.text != ".":
            raise Refused(_fault(token.position, "name", name=token.text))
        self.needed(".")
        return self.member(token, self.named())

    def member(self, topic: _Token, name: _Token) -> Node:
        if self.variable:
            raise Refused(_fault(topic.position, "fact-in-macro", name=topic.text))
        if topic.text == "evidence":
            return self.paper(name)
        path = f"{topic.text}.{name.text}"
        fact = fact_at(path)
        if fact is None:
            raise Refused(_fault(topic.position, "fact", name=path))
        if path not in self.found.facts:
            self.found.facts.append(path)
        node = Node(fact.kind, topic.position, values=fact.values, fact=path)
        return self.method(node, fact) if self.now.text == "." else node

    def paper(self, name: _Token) -> Node:
        if name.text not in self.evidence:
            raise Refused(_fault(name.position, "evidence", name=name.text))
        if name.text not in self.found.evidence:
            self.found.evidence.append(name.text)
        return Node("yes_no", name.position, fact=f"evidence.{name.text}")

    def size(self, token: _Token) -> Node:
        self.needed("(")
        node = self.primary()
        self.needed(")")
        self.expect(node, "words")
        return Node("count", token.position, node.depth + 1)

    def method(self, node: Node, fact: Fact) -> Node:
        self.needed(".")
        name = self.named()
        if name.text == "size":
            self.needed("(")
            self.needed(")")
            self.expect(node, "words")
            return Node("count", node.position, 2)
        if name.text not in ("exists", "all"):
            raise Refused(_fault(name.position, "function", name=name.text))
        self.expect(node, "words")
        return self.macro(node, fact, name)

    def macro(self, node: Node, fact: Fact, name: _Token) -> Node:
        self.macros += 1
        if self.macros > MOST_MACROS:
            raise Refused(_fault(name.position, "macros", most=MOST_MACROS))
        self.needed("(")
        variable = self.named()
        if variable.text in (*TOPICS, "evidence", "true", "false", "in", "size"):
            raise Refused(_fault(variable.position, "variable", name=variable.text))
        self.needed(",")
        self.deeper(variable)
        self.variable, self.variable_values = variable.text, fact.values
        body = self.disjunction()
        self.variable, self.variable_values = "", ()
        self.open -= 1
        self.needed(")")
        self.expect(body, "yes_no")
        return self.nested("yes_no", node, body)


def stage_of(topics: Iterable[str]) -> Literal["listing", "order", ""]:
    """Return whether facts of these topics are known at listing or at order; "" if at neither."""
    named = set(topics)
    if named and named <= set(LISTING_TOPICS):
        return "listing"
    return "order" if named and named <= set(ORDER_TOPICS) else ""
