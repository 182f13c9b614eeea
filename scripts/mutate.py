#!/usr/bin/env python3
"""Mutates the derivatives in autograd/ops/*.cpp, one at a time, and asks the table of operations whether it notices.

    scripts/mutate.py --list [FILE...]               # all mutants, without building anything
    scripts/mutate.py --sample 60 --seed 1           # a random sample
    scripts/mutate.py --only norm.cpp:57 softmax.cpp # those of a line, of a file

A derivative is what stands in from_input(...), from_output(...) and their like, in a backward function (a lambda that
takes a Node), and in a composed form. Mutants of one: a sign flipped, a term or a factor dropped, a product made a
quotient, operands swapped, a number, a truth or a bound changed, the saved tensor taken for another.

The tree is never touched. A mutant is a copy of one source, compiled with -O1 and linked with the other objects of a
build into a library of its own, for which the table looks first: one object and one link. The rows of the mutated file's
operations run first; what they let pass runs through the whole table. Prints every survivor, and the share killed; ends
with 1 if any survived.
"""
import argparse
import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|[A-Za-z_]\w*|\d[\w.]*|<<=|->|::|&&|\|\||[<>=!+\-*/]=|'
                   r'\+\+|--|[^\s\w]')
PRECEDENCE = {"*": 3, "/": 3, "+": 2, "-": 2}
CLOSER = {"(": ")", "[": "]", "{": "}"}
# What stands before a '+', '-', '*' or '&' that is not binary.
NO_OPERAND = set("( [ { , ; = + - * / < > ? : & | ! return && || <= >= == != += -= *= /=".split())
WORDS = {"auto", "const", "return", "if", "else", "for", "Tensor", "Node", "size_t", "int64_t", "true", "false", "double"}
# Pairs that say which of two tensors a derivative takes.
OTHERS = {"from_input": ["from_output"], "from_output": ["from_input"], "from_a": ["from_b"], "from_b": ["from_a"],
          "from_grad": ["from_input"]}
SWAPPED = {"where": (1, 2)}  # the arguments to swap; by default the first two
# Kinks, where the table cannot look, are a test of their own.
TABLE = "Ops/Table.*:Kinks.*"
COMMUTE = {"mul", "add", "maximum", "minimum", "min", "max", "dot", "logical_and", "logical_or"}
# What is no tensor: swapping it with one would only not compile.
NO_TENSOR = re.compile(r"(-?\d.*|true|false|!?t[ab]|\{.*|IntArrayRef.*|.*sizes\(\)|dims?|kept|shape|sizes|d|in|p - \d|self|node|indices|from|\".*|\[.*)", re.S)


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
                self.partner[i] = open_.pop()
                self.partner[self.partner[i]] = i

    def line(self, i):
        return self.text.count("\n", 0, self.begin[i]) + 1

    def span(self, first, last):
        """The text of the tokens first..last."""
        return self.text[self.begin[first]:self.end[last]]

    def binary(self, i):
        return self.tokens[i] in PRECEDENCE and i > 0 and self.tokens[i - 1] not in NO_OPERAND

    def primary_after(self, i):
        """The last token of the operand that begins at i: signs, a name, and its calls."""
        while self.tokens[i] in "-+!*&":
            i += 1
        if self.tokens[i] in CLOSER:
            i = self.partner[i]
        while i + 1 < len(self.tokens):
            n = self.tokens[i + 1]
            if n in "([{" and not (n == "{" and self.tokens[i] == ")"):
                i = self.partner[i + 1]
            elif n in (".", "->", "::"):
                i += 2
            else:
                return i
        return i

    def right(self, op):
        """The last token of a binary operator's right operand."""
        i = self.primary_after(op + 1)
        while self.binary(i + 1) and PRECEDENCE[self.tokens[i + 1]] > PRECEDENCE[self.tokens[op]]:
            i = self.primary_after(i + 2)
        return i

    def primary_before(self, i):
        """The first token of the operand that ends at i."""
        while True:
            if self.tokens[i] in ")]}":
                i = self.partner[i]
                if i > 0 and re.match(r"\w", self.tokens[i - 1]) and self.tokens[i - 1] not in NO_OPERAND:
                    i -= 1
                elif i > 0 and self.tokens[i - 1] in ")]":
                    i -= 1
                    continue
            if i > 1 and self.tokens[i - 1] in (".", "->", "::"):
                i -= 2
                continue
            return i

    def left(self, op):
        """The first token of a binary operator's left operand."""
        i = self.primary_before(op - 1)
        while i > 1 and self.binary(i - 1) and PRECEDENCE[self.tokens[i - 1]] >= PRECEDENCE[self.tokens[op]]:
            i = self.primary_before(i - 2)
        if self.tokens[i - 1] == "-" and not self.binary(i - 1):
            i -= 1
        return i

    def arguments(self, call):
        """The first and last tokens of each argument of the call whose '(' is at `call`."""
        found, first, i = [], call + 1, call + 1
        while i < self.partner[call]:
            if self.tokens[i] in CLOSER:
                i = self.partner[i]
            elif self.tokens[i] == ",":
                found.append((first, i - 1))
                first = i + 1
            i += 1
        return found + [(first, i - 1)] if i > first else found


def regions(code):
    """The token ranges of derivatives."""
    found = []
    t = code.tokens
    for i in range(len(t) - 1):
        if re.fullmatch(r"from_(input|inputs|output|a|b|grad)", t[i]) and t[i + 1] == "(":
            found.append((i, code.partner[i + 1]))
        # [captures](..., Node& ...) { body }
        if t[i] == "]" and t[i + 1] == "(" and "Node" in t[i + 1:code.partner[i + 1]]:
            body = code.partner[i + 1] + 1
            while t[body] != "{":
                body += 1
            found.append((code.partner[i], code.partner[body]))
        # A composed form, or a backward function with a name.
        if re.match(r"composed_|\w+_backward$|grad_", t[i]) and t[i - 1] in ("Tensor", ">") and t[i + 1] == "(":
            body = code.partner[i + 1] + 1
            if t[body] == "{":
                found.append((body, code.partner[body]))
    # An inner one belongs to the outer one.
    return [r for r in found if not any(o != r and o[0] <= r[0] and r[1] <= o[1] for o in found)]


def mutants_at(code, i, region):
    """(what, first token, last token, text) for each mutant that begins with token i."""
    t = code.tokens
    token = t[i]
    if token in OTHERS:
        for other in OTHERS[token]:
            yield "saved", i, i, other
    if token in PRECEDENCE and code.binary(i):
        left, right = code.left(i), code.right(i)
        a, b = code.span(left, i - 1), code.span(i + 1, right)
        flipped = {"+": "-", "-": "+", "*": "/", "/": "*"}[token]
        yield ("sign" if token in "+-" else "quotient"), i, i, flipped
        yield ("term" if token in "+-" else "factor"), left, right, a
        # 1 / b and a - 0 have nothing else to keep.
        yield ("term" if token in "+-" else "factor"), left, right, ("-" if token == "-" else "1 / " if token == "/" else "") + b
        if token in "-/":
            yield "operands", left, right, f"{b} {token} {a}"
    elif token == "-" and re.match(r"[\w(]", t[i + 1]):
        yield "sign", i, i, ""
    if re.fullmatch(r"\d+(\.\d+)?", token) and "<" != t[i - 1] and t[i - 2] != "needs" and t[i + 1] != ">":
        # An index goes to another element; what lies behind the last would be undefined behaviour.
        to = {"0": "1", "1": "0", "2": "0"} if t[i - 1] == "[" and t[i + 1] == "]" else {"0": "1", "1": "2", "2": "3"}
        yield "number", i, i, to.get(token, f"({token} + 1)")
    if token in ("true", "false") and t[i - 1] in ("(", ","):
        yield "number", i, i, "false" if token == "true" else "true"
    if token in ("<=", ">=", "<", ">") and code.text[code.begin[i] - 1] == " " == code.text[code.end[i]]:
        yield "comparison", i, i, {"<=": ">", ">=": "<", "<": ">", ">": "<"}[token]
        yield "bound", i, i, {"<=": "<", ">=": ">", "<": "<=", ">": ">="}[token]
    if token == "(" and re.match(r"[a-z]\w*$", t[i - 1]) and t[i - 1] not in WORDS and not t[i - 1].startswith("from_"):
        arguments = code.arguments(i)
        x, y = SWAPPED.get(t[i - 1], (0, 1))
        if len(arguments) > y:
            (a, b), (c, d) = arguments[x], arguments[y]
            pair = code.span(a, b), code.span(c, d)
            if pair[0] != pair[1] and t[i - 1] not in COMMUTE and not any(map(NO_TENSOR.fullmatch, pair)):
                yield "operands", a, d, code.span(c, d) + code.text[code.end[b]:code.begin[c]] + code.span(a, b)
    if token == "return" and t[i + 1] not in "{;":
        last = i + 1
        while t[last] != ";":
            last = code.partner[last] + 1 if t[last] in CLOSER else last + 1
        several = re.fullmatch(r"\w+", code.span(i + 1, last - 1)) and re.search(r"std::(array|vector|tuple)<",
                                                                                code.span(*region))
        if not several and not t[i + 1] == "std":
            yield "sign", i + 1, last - 1, f"-({code.span(i + 1, last - 1)})"
    if token in ("Saved", "output") and t[i + 1] == "(" and t[i + 2] != ")":
        # Another tensor of the same statement kept in its place.
        here = code.span(i + 2, code.partner[i + 1] - 1)
        others = {code.span(k + 2, code.partner[k + 1] - 1) for k in range(region[0], region[1])
                  if t[k] == "Saved" and t[k + 1] == "(" and t[k + 2] != ")"}
        for other in sorted(others - {here}):
            yield "saved", i + 2, code.partner[i + 1] - 1, other
    if token == "needs" and t[i + 1] == "(" and t[i + 2].isdigit():
        yield "saved", i + 2, i + 2, {"0": "1"}.get(t[i + 2], "0")


class Mutant:
    def __init__(self, path, code, what, first, last, text):
        self.path, self.what = path, what
        self.begin, self.end, self.text = code.begin[first], code.end[last], text
        self.before = code.text[self.begin:self.end]
        self.line = code.line(first)

    def apply(self, source):
        return source[:self.begin] + self.text + source[self.end:]

    def __str__(self):
        short = lambda s: re.sub(r"\s+", " ", s)[:90] or "nothing"
        return f"{self.path}:{self.line}: {self.what}: {short(self.before)}  ->  {short(self.text)}"


def mutants_of(path):
    with open(os.path.join(ROOT, path)) as f:
        code = Code(f.read())
    found, seen = [], set()
    for region in regions(code):
        for i in range(region[0], region[1]):
            for what, first, last, text in mutants_at(code, i, region):
                m = Mutant(path, code, what, first, last, text)
                key = (m.begin, m.end, m.text)
                if key not in seen and m.text != m.before:
                    seen.add(key)
                    found.append(m)
    return found


def run(command, cwd=None, limit=None, env=None):
    """0, another exit code, or None for a time-out; and what it wrote."""
    try:
        r = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=limit,
                           env=env)
        return r.returncode, r.stdout
    except subprocess.TimeoutExpired as e:
        return None, (e.stdout or b"").decode() if isinstance(e.stdout, bytes) else (e.stdout or "")


class Workshop:
    """A build of the library and of the table, and a folder beside it where mutants are made of them."""

    def __init__(self, build, level):
        self.build, self.level = build, level
        self.folder = os.path.join(build, f"mutant.{os.getpid()}")
        self.table = os.path.join(build, "tests", "gradus_autograd_tests")
        self.env = dict(os.environ, OMP_WAIT_POLICY="passive", LD_LIBRARY_PATH=self.folder)
        self.library = os.path.realpath(os.path.join(build, "libgradus.so"))

    def prepare(self):
        code, out = run(["cmake", "--build", self.build, "--target", "gradus", "gradus_autograd_tests"])
        if code != 0:
            sys.exit(out[-4000:])
        os.makedirs(self.folder)
        self.link = self.commands(os.path.basename(self.library))[-1]

    def commands(self, target):
        code, out = run(["ninja", "-C", self.build, "-t", "commands", target])
        if code != 0:
            sys.exit(out[-4000:])
        return [line for line in out.splitlines() if " -o " in line]

    def make(self, path, source):
        """The library with `source` in the place of a file; None, or what the compiler says."""
        mutant, object_ = os.path.join(self.folder, "mutant.cpp"), os.path.join(self.folder, "mutant.o")
        with open(mutant, "w") as f:
            f.write(source)
        old = f"CMakeFiles/gradus.dir/{path}.o"
        compile_ = self.commands(old)[-1]
        compile_ = re.sub(r" -O[0-3s] ", f" -O{self.level} -w ", compile_[compile_.index("/c++ ") + 5:])
        compile_ = re.sub(r" -M[DTF]\b( \S+\.[od]\b)?", "", compile_).replace(old, object_)
        compile_ = re.sub(r"-c \S+$", "-c " + mutant, compile_)
        link = self.link[self.link.index("/c++ ") + 5:].rsplit(" && ", 1)[0].replace(old, object_)
        soname = re.search(r"-soname,(\S+)", link).group(1)
        link = re.sub(r"-o \S+", "-o " + os.path.join(self.folder, soname), link)
        for command in (compile_, link):
            code, out = run(["sh", "-c", "c++ " + command], cwd=self.build)
            if code != 0:
                return out
        return None

    def rows(self):
        """The names of the table's rows."""
        code, out = run([self.table, "--gtest_list_tests", "--gtest_filter=Ops/Table.Values/*"], env=self.env)
        if code != 0:
            sys.exit(out[-4000:])
        return sorted(m.group(1) for m in re.finditer(r"^  Values/(\w+)", out, re.M))

    def passes(self, filter_, limit):
        code, out = run([self.table, "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={filter_}"], cwd=self.folder,
                        limit=limit, env=self.env)
        if code == 0:
            return True, ""
        killer = re.search(r"\[  FAILED  \] ([^\s,]+)", out)
        return False, killer.group(1) if killer else "a time-out" if code is None else f"exit code {code}"


def family_filter(path, rows):
    """The rows of the operations that a file defines; all if it defines none."""
    with open(os.path.join(ROOT, path)) as f:
        text = f.read()
    ops = set(re.findall(r'^(?:Tensor|std::tuple<[^>]*>|std::vector<Tensor>) (\w+)\(', text, re.M))
    ops |= set(re.findall(r'\((?:\s*)"(\w+)"', text))
    mine = [r for r in rows if any(r == op or r.startswith(op + "_") for op in ops)]
    return ":".join(f"Ops/Table.*/{r}" for r in mine) or "Ops/Table.*"


def judge(shop, mutant, rows, limit, beyond):
    """'killed by ...', 'does not compile' or 'SURVIVED'."""
    with open(os.path.join(ROOT, mutant.path)) as f:
        source = f.read()
    if shop.make(mutant.path, mutant.apply(source)):
        return "does not compile"
    for filter_ in (family_filter(mutant.path, rows), TABLE):
        passed, killer = shop.passes(filter_, limit)
        if not passed:
            return "killed by " + killer
    if beyond:
        passed, killer = shop.passes("-" + TABLE, limit)
        if not passed:
            return "SURVIVED the table, killed by " + killer
    return "SURVIVED"


def choose(arguments):
    paths = sorted(os.path.relpath(p, ROOT) for p in glob.glob(os.path.join(ROOT, "autograd/ops/*.cpp")))
    wanted = arguments.only or arguments.files
    if wanted:
        names = {w.split(":")[0] for w in wanted}
        paths = [p for p in paths if os.path.basename(p) in names or p in names]
    found = [m for p in paths for m in mutants_of(p)]
    places = {w for w in wanted if ":" in w}
    if places:
        whole = {w for w in wanted if ":" not in w}
        found = [m for m in found if f"{os.path.basename(m.path)}:{m.line}" in places or os.path.basename(m.path) in whole]
    if arguments.match:
        found = [m for m in found if re.search(arguments.match, str(m))]
    if arguments.sample:
        random.seed(arguments.seed)
        found = random.sample(found, min(arguments.sample, len(found)))
    return found


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="files of autograd/ops; all by default")
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE[:LINE]", help="the mutants of files or lines")
    parser.add_argument("--match", metavar="REGEX", help="those whose line in --list fits")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N mutants chosen at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--beyond", action="store_true", help="ask the other tests of autograd about survivors")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"), help="a build with shared libraries")
    parser.add_argument("--level", default="1", help="of optimization, for mutants")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one run of the table")
    arguments = parser.parse_args()
    mutants = choose(arguments)
    if arguments.list:
        print("\n".join(map(str, mutants)), f"\n{len(mutants)} mutants")
        return 0
    shop = Workshop(os.path.abspath(arguments.build), arguments.level)
    shop.prepare()
    try:
        return measure(shop, mutants, arguments)
    finally:
        shutil.rmtree(shop.folder)


def measure(shop, mutants, arguments):
    rows = shop.rows()
    passed, killer = shop.passes(TABLE, arguments.limit)
    if not passed:
        sys.exit(f"the table fails without any mutant: {killer}")
    verdicts = {}
    try:
        for n, mutant in enumerate(mutants, 1):
            start = time.time()
            verdict = judge(shop, mutant, rows, arguments.limit, arguments.beyond)
            verdicts.setdefault(verdict.split()[0], []).append(mutant)
            print(f"[{n}/{len(mutants)}] {verdict}: {mutant}  ({time.time() - start:.0f} s)", flush=True)
    except KeyboardInterrupt:
        print("stopped")
    killed, survived = len(verdicts.get("killed", [])), verdicts.get("SURVIVED", [])
    print(f"\n{killed} of {killed + len(survived)} killed; {len(verdicts.get('does', []))} more do not compile")
    for mutant in survived:
        print("survived:", mutant)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
