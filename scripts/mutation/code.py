"""A C++ source as tokens, with what stands where: operands, arguments, statements, blocks, the bodies of derivatives."""
import re

TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|[A-Za-z_]\w*|\d(?:[eE][+-]|[\w.])*|<<=|->|::|&&|\|\||[<>=!+\-*/]=|'
                   r'\+\+|--|[^\s\w]')
PRECEDENCE = {"*": 3, "/": 3, "+": 2, "-": 2}
COMPARISONS = {"<=": 1, ">=": 1, "<": 1, ">": 1}
CLOSER = {"(": ")", "[": "]", "{": "}"}
# What stands before a '+', '-', '*' or '&' that is not binary.
NO_OPERAND = set("( [ { , ; = + - * / < > ? : & | ! return && || <= >= == != += -= *= /=".split())


class Code:
    """A source as tokens with their places; comments are left out."""

    def __init__(self, text):
        self.text = text
        found = [m for m in TOKEN.finditer(text) if not m.group().startswith("//")]
        self.tokens = [m.group() for m in found]
        self.begin = [m.start() for m in found]
        self.end = [m.end() for m in found]
        self.partner = {}
        open_ = []
        for i, t in enumerate(self.tokens):
            if t in CLOSER:
                open_.append(i)
            elif t in ")]}" and open_:
                self.pair(open_.pop(), i)
            elif t == "<" and self.template(i):
                self.pair(i, self.template(i))

    def pair(self, i, k):
        self.partner[i], self.partner[k] = k, i

    def template(self, i):
        """The '>' that ends the template arguments beginning at i, if that is what begins there."""
        if i == 0 or self.end[i - 1] != self.begin[i] or not re.match(r"[A-Za-z_]", self.tokens[i - 1]):
            return None
        depth = 0
        for k in range(i, min(i + 60, len(self.tokens))):
            depth += {"<": 1, ">": -1}.get(self.tokens[k], 0)
            if depth == 0:
                return k
            if self.tokens[k] in ";{":
                return None
        return None

    def line(self, i):
        return self.text.count("\n", 0, self.begin[i]) + 1

    def span(self, first, last):
        """The text of the tokens first..last."""
        return self.text[self.begin[first]:self.end[last]]

    def binary(self, i):
        return self.tokens[i] in PRECEDENCE and self.spaced(i) and self.tokens[i - 1] not in NO_OPERAND

    def spaced(self, i):
        """True if there is space on both sides, as the format has it around binary operators."""
        return i > 0 and self.text[self.begin[i] - 1].isspace() and self.text[self.end[i]].isspace()

    def comparison(self, i):
        return self.tokens[i] in COMPARISONS and self.spaced(i)

    def strength(self, i):
        """How strongly the binary operator at i binds; 0 if there is none."""
        return PRECEDENCE[self.tokens[i]] if self.binary(i) else 1 if self.comparison(i) else 0

    def primary_after(self, i):
        """The last token of the operand that begins at i: signs, a name, and its calls."""
        while self.tokens[i] in "-+!*&":
            i += 1
        if self.tokens[i] in CLOSER:
            i = self.partner[i]
        while i + 1 < len(self.tokens):
            n = self.tokens[i + 1]
            if n in "([{" and not (n == "{" and self.tokens[i] == ")") or n == "<" and i + 1 in self.partner:
                i = self.partner[i + 1]
            elif n in (".", "->", "::"):
                i += 2
            else:
                return i
        return i

    def right(self, op):
        """The last token of a binary operator's right operand."""
        i = self.primary_after(op + 1)
        while self.strength(i + 1) > self.strength(op):
            i = self.primary_after(i + 2)
        return i

    def primary_before(self, i):
        """The first token of the operand that ends at i."""
        while True:
            if self.tokens[i] in ")]}" or self.tokens[i] == ">" and i in self.partner:
                i = self.partner[i]
                before = self.tokens[i - 1]
                if i > 0 and re.match(r"\w", before) and before not in NO_OPERAND:
                    i -= 1
                elif i > 0 and (before in ")]" or before == ">" and i - 1 in self.partner):
                    i -= 1
                    continue
            if i > 1 and self.tokens[i - 1] in (".", "->", "::"):
                i -= 2
                continue
            return i

    def left(self, op):
        """The first token of a binary operator's left operand."""
        i = self.primary_before(op - 1)
        while i > 1 and self.strength(i - 1) and self.strength(i - 1) >= self.strength(op):
            i = self.primary_before(i - 2)
        if self.tokens[i - 1] in "-!" and not self.binary(i - 1):
            i -= 1
        return i

    def arguments(self, call):
        """The first and last tokens of each argument of the call whose '(' (or '{') is at `call`."""
        found, first, i = [], call + 1, call + 1
        while i < self.partner[call]:
            if self.tokens[i] in CLOSER or self.tokens[i] == "<" and i in self.partner:
                i = self.partner[i]
            elif self.tokens[i] == ",":
                found.append((first, i - 1))
                first = i + 1
            i += 1
        return found + [(first, i - 1)] if i > first else found

    def until(self, i, enders):
        """The last token before the first of `enders` outside brackets, from i on."""
        while self.tokens[i] not in enders:
            i = self.partner[i] + 1 if self.tokens[i] in CLOSER else i + 1
        return i - 1

    def is_block(self, brace):
        """True if the '{' begins statements."""
        i = brace + 1
        while i < self.partner[brace]:
            if self.tokens[i] == ";":
                return True
            i = self.partner[i] + 1 if self.tokens[i] in CLOSER else i + 1
        return False

    def rest_of_block(self, i):
        """The first token of the statement that token i belongs to, and the last of the block around it."""
        brace = i
        while True:  # outward to the block
            brace -= 1
            if self.tokens[brace] in ")]}":
                brace = self.partner[brace]
            elif self.tokens[brace] == "{" and self.is_block(brace):
                break
        first = k = brace + 1
        while k <= i:
            ends = self.tokens[k] == ";"
            if self.tokens[k] in CLOSER:
                if self.partner[k] >= i:
                    break
                ends = self.tokens[k] == "{" and self.is_block(k) and self.tokens[self.partner[k] + 1] not in ";,).("
                k = self.partner[k]
            k += 1
            if ends and self.tokens[k] != "else" and k <= i:
                first = k
        return first, self.partner[brace] - 1


def regions(code):
    """The token ranges of derivatives: of pointwise formulas, of backward functions, of composed forms, and of functions
    of the file that only these call."""
    t = code.tokens
    found, hidden = [], []
    functions = {}
    for i in range(len(t) - 1):
        if t[i] == "namespace" and t[i + 1] == "{":
            hidden.append((i + 1, code.partner[i + 1]))
        if re.fullmatch(r"from_(input|inputs|output|a|b|grad)", t[i]) and t[i + 1] == "(":
            found.append((i, code.partner[i + 1]))
        # [captures](..., Node& ...) { body } or [captures](auto g, ...) { body }
        if t[i] == "]" and t[i + 1] == "(" and ("Node" in t[i + 1:code.partner[i + 1]] or t[i + 2:i + 4] == ["auto", "g"]):
            body = code.partner[i + 1] + 1
            while t[body] != "{":
                body += 1
            found.append((code.partner[i], code.partner[body]))
        # A function with a name.
        if t[i + 1] == "(" and t[i - 1] in ("Tensor", ">", "Tensors", "auto", "void") and re.match(r"[a-z]", t[i]):
            body = code.partner[i + 1] + 1
            if body >= len(t) or t[body] != "{":
                continue
            if any(a < i < b for a, b in hidden):
                functions.setdefault(t[i], []).append((body, code.partner[body]))
            if re.match(r"composed_|\w+_backward$|grad_", t[i]):
                found.append((body, code.partner[body]))
    add_helpers(code, functions, found)
    # An inner one belongs to the outer one.
    return [r for r in found if not any(o != r and o[0] <= r[0] and r[1] <= o[1] for o in found)]


def add_helpers(code, functions, found):
    """Adds the functions that are used in `found`, and nowhere else."""
    t = code.tokens
    inside = lambda i: any(a <= i <= b for a, b in found)
    while True:
        helpers = []
        for name, bodies in functions.items():
            own = lambda i: any(a <= i <= b or t[i + 1] == "(" and code.partner[i + 1] + 1 == a for a, b in bodies)
            uses = [i for i in range(len(t) - 1) if t[i] == name and not own(i)]
            if bodies[0] not in found and uses and all(map(inside, uses)):
                helpers += bodies
        for i in range(len(t) - 3):  # auto name = [...](...) { ... };
            if t[i] == "auto" and t[i + 2:i + 4] == ["=", "["] and not inside(i + 3):
                ends = code.until(i + 3, ";")
                uses = [k for k in range(ends, code.rest_of_block(i)[1]) if t[k] == t[i + 1]]
                if uses and all(map(inside, uses)):
                    helpers.append((i + 3, ends))
        if not helpers:
            return
        found += helpers
