"""The mutants of a source: what can go wrong in a derivative, one at a time."""
import collections
import os
import re

from mutation.code import Code, regions

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORDS = {"auto", "const", "return", "if", "else", "for", "Tensor", "Node", "size_t", "int64_t", "true", "false", "double"}
# Pairs that say which of two tensors a derivative takes.
OTHERS = {"from_input": ["from_output"], "from_output": ["from_input"], "from_a": ["from_b"], "from_b": ["from_a"],
          "from_grad": ["from_input"]}
SWAPPED = {"where": (1, 2)}  # the arguments to swap; by default the first two
COMMUTE = {"mul", "add", "times", "product", "hypot", "eq", "ne", "maximum", "minimum", "min", "max", "dot", "logical_and", "logical_or"}
# What is no tensor: swapping it with one would only not compile.
NO_TENSOR = re.compile(r"(-?\d.*|true|false|!?t[ab]|\{.*|IntArrayRef.*|.*sizes\(\)|dims?|kept|shape|sizes|d|in|p - \d|self|"
                       r"node|indices|from|\".*|\[.*)", re.S)
LITERAL = {"0": "1", "1": "2", "2": "3"}
# What has no sign: truths, sizes, indices.
NO_SIGN = re.compile(r"(eq|ne|lt|le|gt|ge|isnan|isfinite|\w+\.needs|std::\w+<|true|false)\b.*|.*(==|[<>|&] |sizes\(\)|numel\(\)|dim\(\))"
                     r".*|.*static_cast<size_t>.*", re.S)


class Mutant:
    """`before`, the tokens first..last, becomes `text`. `whole` is the expression around it and what that becomes, or
    None where only a statement can be written twice."""

    def __init__(self, path, code, what, first, last, text, whole):
        self.path, self.what, self.text = path, what, text
        self.first, self.last, self.whole = first, last, whole
        self.begin, self.end = code.begin[first], code.end[last]
        self.before = code.text[self.begin:self.end]
        self.line = code.line(first)
        self.source = code.text.splitlines()[self.line - 1].strip()
        self.number = 1

    def apply(self, source):
        return source[:self.begin] + self.text + source[self.end:]

    def change(self):
        squeeze = lambda s: re.sub(r"\s+", " ", s).strip() or "nothing"
        return f"{squeeze(self.before)} -> {squeeze(self.text)}"

    def key(self):
        """Says which mutant this is as long as its line stays what it is; equal ones of equal lines have a number."""
        return f"{os.path.basename(self.path)}: {self.source}: {self.what}: {self.change()}: {self.number}"

    def __str__(self):
        short = lambda s: re.sub(r"\s+", " ", s)[:90] or "nothing"
        return f"{self.path}:{self.line}: {self.what}: {short(self.before)}  ->  {short(self.text)}"


def of_operator(code, i):
    left, right = code.left(i), code.right(i)
    token, a, b = code.tokens[i], code.span(left, i - 1), code.span(i + 1, right)
    whole = lambda text: (left, right, text)
    flipped = {"+": "-", "-": "+", "*": "/", "/": "*"}[token]
    kind = "term" if token in "+-" else "factor"
    yield ("sign" if token in "+-" else "quotient"), i, i, flipped, whole(f"{a} {flipped} {b}")
    yield kind, left, right, a, whole(a)
    # 1 / b and a - 0 have nothing else to keep.
    alone = {"-": "-", "/": "1 / "}.get(token, "") + b
    yield kind, left, right, alone, whole(alone)
    if token in "-/":
        # The right operand may be a product, the left one a sum.
        swapped = f"({b}) {token} ({a})"
        yield "operands", left, right, swapped, whole(swapped)


def of_comparison(code, i):
    left, right = code.left(i), code.right(i)
    a, b, token = code.span(left, i - 1), code.span(i + 1, right), code.tokens[i]
    for what, other in (("comparison", {"<=": ">", ">=": "<", "<": ">", ">": "<"}[token]),
                        ("bound", {"<=": "<", ">=": ">", "<": "<=", ">": ">="}[token])):
        yield what, i, i, other, (left, right, f"{a} {other} {b}")


def of_call(code, i):
    """Of the call whose '(' is at i: two arguments swapped."""
    name = code.tokens[i - 1]
    arguments = code.arguments(i)
    x, y = SWAPPED.get(name, (0, 1))
    if len(arguments) <= y:
        return
    (a, b), (c, d) = arguments[x], arguments[y]
    pair = code.span(a, b), code.span(c, d)
    if pair[0] == pair[1] or name in COMMUTE or any(map(NO_TENSOR.fullmatch, pair)):
        return
    text = pair[1] + code.text[code.end[b]:code.begin[c]] + pair[0]
    start, end = code.primary_before(i - 1), code.partner[i]
    whole = code.text[code.begin[start]:code.begin[a]] + text + code.text[code.end[d]:code.end[end]]
    yield "operands", a, d, text, (start, end, whole)


def negated(code, first, last):
    """The expression first..last with its sign flipped; what is undefined stays so, and zeros have none."""
    if code.tokens[first] in ("zeros", "zeros_like", "empty", "empty_like") and code.partner.get(first + 1) == last:
        return
    i = first
    while i <= last and code.tokens[i] != "?":
        i = code.partner[i] + 1 if code.tokens[i] in "([{" else i + 1
    if i < last and code.tokens[last - 3:last + 1] == [":", "Tensor", "(", ")"]:
        text = f"{code.span(first, i)} -({code.span(i + 1, last - 4)}) : Tensor()"
    else:
        text = f"-({code.span(first, last)})"
    yield "sign", first, last, text, (first, last, text)


def of_result(code, i, region):
    """Of what is returned or assigned at token i ('return' or '='): the sign of all, or of each in braces."""
    t = code.tokens
    if t[i + 1] in "{[;" or t[i] == "=" and t[i - 1] not in "]" and not re.match(r"\w", t[i - 1]):
        return
    last = code.until(i + 1, ";)]},")
    if t[last + 1] != ";":
        return  # a capture, or an argument
    if t[i] == "=" and (t[i - 2] in ("bool", "size_t", "int64_t") or NO_SIGN.fullmatch(code.span(i + 1, last))):
        return
    if t[last] == "}" and t[i + 1] == "std":
        for first, end in code.arguments(code.partner[last]):
            yield from negated(code, first, end)
        return
    several = re.fullmatch(r"\w+", code.span(i + 1, last)) and re.search(r"std::(array|vector|tuple)<", code.span(*region))
    if not several and t[i + 1] != "std" and t[i + 1] not in ("true", "false"):
        yield from negated(code, i + 1, last)


def of_saved(code, i, region):
    """Another tensor of the same statement kept in the place of this one."""
    t = code.tokens
    inner = lambda k: (k + 2, code.partner[k + 1] - 1)
    here = code.span(*inner(i))
    others = {code.span(*inner(k)) for k in range(*region) if t[k] == "Saved" and t[k + 1] == "(" and t[k + 2] != ")"}
    for other in sorted(others - {here}):
        yield "saved", *inner(i), other, (*inner(i), other)


def mutants_at(code, i, region):
    """(what, first token, last token, text, whole expression) for each mutant that begins with token i."""
    t = code.tokens
    token = t[i]
    for other in OTHERS.get(token, []):
        yield "saved", i, i, other, None
    if code.binary(i):
        yield from of_operator(code, i)
    elif token == "-" and re.match(r"[\w(]", t[i + 1]):
        last = code.primary_after(i)
        yield "sign", i, i, "", (i, last, code.span(i + 1, last))
    if code.comparison(i):
        yield from of_comparison(code, i)
    if re.fullmatch(r"\d+(\.\d+)?(e[+-]?\d+)?", token) and t[i - 1] != "<" and t[i - 2] != "needs" and t[i + 1] != ">":
        # An index goes to another element; what lies behind the last would be undefined behaviour.
        to = {"0": "1", "1": "0", "2": "0"} if t[i - 1] == "[" and t[i + 1] == "]" else LITERAL
        text = to.get(token, f"({token} + 1)")
        yield "number", i, i, text, (i, i, text)
    if token in ("true", "false") and t[i - 1] in ("(", ","):
        text = "false" if token == "true" else "true"
        yield "number", i, i, text, (i, i, text)
    if token == "(" and re.match(r"[a-z]\w*$", t[i - 1]) and t[i - 1] not in WORDS and not t[i - 1].startswith("from_"):
        yield from of_call(code, i)
    if token in ("return", "="):
        yield from of_result(code, i, region)
    if token in ("Saved", "output") and t[i + 1] == "(" and t[i + 2] != ")":
        yield from of_saved(code, i, region)
    if token == "needs" and t[i + 1] == "(" and t[i + 2].isdigit():
        text = {"0": "1"}.get(t[i + 2], "0")
        yield "saved", i + 2, i + 2, text, (i + 2, i + 2, text)


def mutants_of(path):
    with open(os.path.join(ROOT, path)) as f:
        code = Code(f.read())
    found, seen, equal = [], set(), collections.Counter()
    for region in regions(code):
        for i in range(region[0], region[1]):
            for mutant in mutants_at(code, i, region):
                m = Mutant(path, code, *mutant)
                place = (m.begin, m.end, m.text)
                if place not in seen and m.text != m.before:
                    seen.add(place)
                    first = m.key()
                    m.number += equal[first]
                    equal[first] += 1
                    found.append(m)
    return code, found
