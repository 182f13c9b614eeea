"""Builds what holds mutants, and runs the table of operations against it."""
import os
import re
import shutil
import subprocess
import sys

from mutation.mutants import ROOT
from mutation.schema import Schema

# Of the table, what looks at gradients. Kinks, where numerical differentiation cannot look, are a test of their own.
GRADIENTS = ("FirstOrderFused", "FirstOrderThroughTheGraph", "EachInputAlone", "SecondOrder", "FloatGradients", "InPlace",
             "Broadcasting")
TABLE = ":".join(f"Ops/Table.{test}/*" for test in GRADIENTS) + ":Kinks.*"
OTHERS = "*-*Long.*:Ops/Table.*:Kinks.*"


def run(command, cwd=None, limit=None, env=None):
    """0, another exit code, or None for a time-out; and what it wrote."""
    try:
        r = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=limit,
                           env=env, errors="replace")
        return r.returncode, r.stdout
    except subprocess.TimeoutExpired as e:
        return None, (e.stdout or b"").decode(errors="replace") if isinstance(e.stdout, bytes) else (e.stdout or "")


class Workshop:
    """A build of the library and of the table, and a folder beside it for what is made of them."""

    def __init__(self, build, limit):
        self.build, self.limit = build, limit
        self.folder = os.path.join(build, "mutation")
        self.table = os.path.join(self.folder, "table")
        self.library = os.path.realpath(os.path.join(build, "libgradus.so"))

    def prepare(self):
        code, out = run(["cmake", "--build", self.build, "--target", "gradus", "gradus_autograd_tests"])
        if code != 0:
            sys.exit(out[-4000:])
        os.makedirs(self.folder, exist_ok=True)
        # A copy, so that a build may go on beside a run.
        shutil.copy2(os.path.join(self.build, "tests", "gradus_autograd_tests"), self.table)
        self.link = self.commands(os.path.basename(self.library))[-1]
        self.rows = sorted(set(re.findall(r"^  FirstOrderFused/(\w+)", self.ask("--gtest_list_tests"), re.M)))

    def ask(self, *arguments):
        code, out = run([self.table, *arguments], env=self.environment(""))
        if code != 0:
            sys.exit(out[-4000:])
        return out

    def commands(self, target):
        code, out = run(["ninja", "-C", self.build, "-t", "commands", target])
        if code != 0:
            sys.exit(out[-4000:])
        return [line for line in out.splitlines() if " -o " in line]

    def make(self, path, source, name):
        """A library with `source` in the place of the file `path`, in the folder `name`: None, or the compiler's words.
        -U__OPTIMIZE__: compiled for one instruction set, which is all that a formula needs to be wrong in."""
        folder = os.path.join(self.folder, name)
        os.makedirs(folder, exist_ok=True)
        mutant, object_ = os.path.join(folder, "mutant.cpp"), os.path.join(folder, "mutant.o")
        with open(mutant, "w") as f:
            f.write(source)
        old = f"CMakeFiles/gradus.dir/{path}.o"
        compile_ = self.commands(old)[-1]
        compile_ = re.sub(r" -O[0-3s] ", " -O1 -U__OPTIMIZE__ -w -fmax-errors=0 -fno-diagnostics-show-caret ",
                          compile_[compile_.index("/c++ ") + 5:])
        compile_ = re.sub(r" -M[DTF]\b( \S+\.[od]\b)?", "", compile_).replace(old, object_)
        compile_ = re.sub(r"-c \S+$", "-c " + mutant, compile_)
        link = self.link[self.link.index("/c++ ") + 5:].rsplit(" && ", 1)[0].replace(old, object_)
        soname = re.search(r"-soname,(\S+)", link).group(1)
        link = re.sub(r"-o \S+", "-o " + os.path.join(folder, soname), link)
        for command in (compile_ + " -fsyntax-only", compile_, link):
            code, out = run(["sh", "-c", "c++ " + command], cwd=self.build, env=dict(os.environ, LC_ALL="C"))
            if code != 0:
                return out
        return None

    def make_all(self, path, code, mutants, name):
        """A library that holds all mutants of a file. Returns the schema, which knows those that do not compile."""
        schema = Schema(path, code, mutants)
        while words := self.make(path, schema.source(), name):
            if not schema.refused(words):
                sys.exit(f"{path}: the mutants beside each other do not compile:\n{words[-4000:]}")
        return schema

    def environment(self, name, **more):
        return dict(os.environ, OMP_WAIT_POLICY="passive", OMP_NUM_THREADS="1", GTEST_BRIEF="1",
                    LD_LIBRARY_PATH=os.path.join(self.folder, name), **more)

    def passes(self, name, filter_, **environment):
        """Whether the tests pass with the library in the folder `name`; if not, the one that failed first."""
        code, out = run([self.table, "--gtest_fail_fast", f"--gtest_filter={filter_}"], cwd=self.folder, limit=self.limit,
                        env=self.environment(name, **environment))
        if code == 0:
            return True, ""
        killer = re.search(r"\[  FAILED  \] ([^\s,]+)", out)
        return False, killer.group(1) if killer else "a time-out" if code is None else f"exit code {code}"

    def reached(self, name, count, filter_):
        """Which mutants the tests come to. They must pass while none is chosen."""
        trace = os.path.join(self.folder, name, "trace")
        passed, killer = self.passes(name, filter_, GRADUS_MUTANT_TRACE=trace)
        if not passed:
            sys.exit(f"{name}: {killer} fails without any mutant")
        with open(trace, "rb") as f:
            seen = f.read()
        return {i for i in range(count) if seen[i]}

    def own_rows(self, path):
        """The rows of the operations that a file defines; all of the table if it has none."""
        with open(os.path.join(ROOT, path)) as f:
            text = f.read()
        ops = set(re.findall(r'^(?:Tensor|std::tuple<[^>]*>|std::vector<Tensor>) (\w+)\(', text, re.M))
        ops |= set(re.findall(r'[({]\s*"(\w+)"', text))
        mine = [r for r in self.rows if any(r == op or r.startswith(op + "_") for op in ops)]
        return ":".join(f"Ops/Table.{test}/{r}" for test in GRADIENTS for r in mine) or TABLE

    def all_killers(self, name, id_):
        """All tests of the table that fail while a mutant is chosen."""
        code, out = run([self.table, f"--gtest_filter={TABLE}"], cwd=self.folder, limit=self.limit,
                        env=self.environment(name, GRADUS_MUTANT=str(id_)))
        rows = {}
        for test, row in re.findall(r"^\[  FAILED  \] (?:Ops/Table\.)?([^\s/,]+)(?:/(\w+))?", out, re.M):
            if not test.isdigit():
                rows.setdefault(row or test, []).append(test if row else "")
        return [f"{row} ({', '.join(sorted(set(tests)))})" if any(tests) else row for row, tests in sorted(rows.items())]
