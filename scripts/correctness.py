#!/usr/bin/env python3
"""Writes docs/correctness.md from what the tests and proofs left in build/. Usage: scripts/correctness.py [--partial]

Every section names its command and the day it ran. Ends with 1 and writes nothing where figures are not there; with
--partial those sections say only which command makes them. Ends with 1, too, where a figure falls short.
"""
import argparse
import collections
import datetime
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
TARGET = ROOT / "docs/correctness.md"


class Report:
    def __init__(self):
        self.text, self.short = [], []

    def section(self, title, command, source, *words):
        day = datetime.date.fromtimestamp(source.stat().st_mtime).isoformat()
        self.text += [f"\n## {title}\n", *words, f"\n`{command}`, {day}.\n"]

    def table(self, head, rows):
        self.text += ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
        self.text += ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]

    def must(self, holds, what):
        if not holds:
            self.short.append(what)


class Missing(Exception):
    """Figures that no command has left; says which would."""


def found(path, command):
    if not path.exists():
        raise Missing(command)
    return path


def figures(path, command):
    return json.loads(found(path, command).read_text())


def properties(case):
    return {p.get("name"): p.get("value") for p in case.iter("property")}


def number(x):
    return "" if x is None else "0" if x == 0 else f"{x:.1e}"


def percent(x):
    return f"{x:.1f} %"


def worst_by_family(cases, kinds):
    """[(family, number of rows, worst of each kind)], families in the order in which they come, and one for all."""
    rows, worst = collections.OrderedDict(), {}
    for case in cases:
        of = properties(case)
        family = of.get("family")
        if not family:
            continue
        rows.setdefault(family, set()).add(case.get("name").split("/")[-1])
        for kind in kinds:
            if kind in of:
                for key in ((family, kind), ("all", kind)):
                    worst[key] = max(worst.get(key, 0.0), float(of[kind]))
    rows["all"] = set().union(*rows.values())
    return [(f, len(names), *(number(worst.get((f, k))) for k in kinds)) for f, names in rows.items()]


def failed(suites):
    return sum(int(s.get("failures")) + int(s.get("errors")) for s in suites)


TESTS = "scripts/test.sh"


def suites_of(name):
    path = found(BUILD / "release/results/autograd.xml", TESTS)
    return [s for s in xml.parse(path).getroot() if s.get("name") == name], path


def operations(report):
    """Operations"""
    tables, path = suites_of("Ops/Table")
    kinds = ("double", "float", "fused", "graph", "second", "float_gradients")
    report.section(
        "Operations", TESTS, path,
        "Every row of the table of operations (`tests/autograd/rows_*.cpp`), worst relative error by family: values against a",
        "naive reference in float64 (limit 1e-12) and float32 (2e-6, a few rows more); gradients by the fused path and through",
        "the graph, and second derivatives, against central differences along random directions in float64 (1e-6); gradients",
        "in float32 against float64 (1e-4). Layouts, sizes and broadcasting are part of it.")
    report.table(("family", "rows", "float64", "float32", "first, fused", "first, graph", "second", "float32 gradients"),
                 worst_by_family((c for s in tables for c in s), kinds))
    report.must(tables and not failed(tables), "the table of operations")


def parity(report):
    """Parity with PyTorch"""
    rows, path = suites_of("Ops/ParityRows")
    report.section(
        "Parity with PyTorch", TESTS, path,
        "The same rows against values and gradients recorded from Python torch 2.13.0 (`tests/parity/`), worst relative error",
        "by family: odd shapes, empty and 0-dim tensors, broadcasting, strides, the ends of the range. Limits: 1e-12 in float64,",
        "1e-5 in float32; the few places where they do not hold are in `tests/autograd/parity_records.cpp`, with the reasons.")
    report.table(("family", "rows", "values, float64", "gradients, float64", "values, float32", "gradients, float32"),
                 worst_by_family((c for s in rows for c in s), ("values_float64", "gradients_float64",
                                                                "values_float32", "gradients_float32")))
    report.must(rows and not failed(rows), "parity by rows")


def programs(report):
    """Random programs"""
    command = "scripts/prove.sh programs"
    path = BUILD / "prove/programs.json"
    f = figures(path, command)
    report.section("Random programs", command, path,
                   f"{f['programs']:,} programs of {f['steps']:,} steps from {f['operations']} operations, views and changes in place.")
    report.table(("check", "made", "worst error"), [
        ("values with and without a graph", f["values_with_and_without_graph"], 0),
        ("fused gradients against the graph's", f["fused_against_graph"], number(f["worst_fused_against_graph"])),
        ("first order against differences", f["first_order_against_differences"], number(f["worst_first_order"])),
        ("second order against differences", f["second_order_against_differences"], number(f["worst_second_order"])),
        ("one thread and two, bit for bit", f["one_and_two_threads"], 0),
        ("programs that fail", f["failures"], ""),
    ])
    report.must(f["programs"] >= 10000 and f["failures"] == 0, "random programs")


def programs_in_torch(report):
    """Random programs in torch"""
    command = "scripts/prove.sh torch"
    path = BUILD / "prove/torch.json"
    f = figures(path, command)
    known = ("torch", "programs", "worst", "agree", "differ")
    report.section("Random programs in torch", command, path,
                   f"Of {f['programs']} such programs in torch {f['torch']}, {f.get('agree', 0)} agree (worst relative error "
                   f"{number(f['worst'])}), {f.get('differ', 0)} differ;",
                   "of the others: " + ", ".join(f"{n} {k}" for k, n in f.items() if k not in known) + ".")
    report.must(f.get("agree") and not f.get("differ"), "random programs in torch")


def mutation(report):
    """Mutation"""
    command = "scripts/prove.sh mutation"
    path = BUILD / "prove/mutation.json"
    f = figures(path, command)
    t = f["total"]
    table = t["own rows"] + t["other rows"]
    judged = table + t["other tests"] + t["survived"]
    report.section(
        "Mutation", command, path,
        f"{t['mutants']} mutants of the derivatives in `autograd/ops/`: {t['does not compile']} do not compile, {t['explained']} are",
        f"equivalent (`scripts/mutation/explained.txt` says why). Of the other {judged} the table of operations notices {table}",
        f"({100 * table / judged:.2f} %, limit 97 %), the other tests of autograd {t['other tests']}, and {t['survived']} survive.")
    columns = list(t)
    report.table(("file", *columns), [(pathlib.Path(p).name, *(c[k] for k in columns)) for p, c in f["files"].items()] +
                 [("all", *t.values())])
    report.must(table >= 0.97 * judged and not t["survived"], "mutation")


def coverage(report):
    """Coverage"""
    command = "scripts/coverage.sh"
    path = BUILD / "coverage/coverage.json"
    f = figures(path, command)
    report.section("Coverage", command, path, "Lines that the fast tests run; the first four folders are held to 95 %.")
    report.table(("folder", "lines", "covered", "share"),
                 [(f"{n}/", r["lines"], r["covered"], percent(r["share"])) for n, r in f["totals"].items()] +
                 [(f"{n}/", r["lines"], r["covered"], percent(r["share"])) for n, r in f["folders"].items()
                  if n in ("data", "io")])
    for name, r in f["totals"].items():
        report.must(r["share"] >= 95, f"coverage of {name}/")


def errors(report):
    """Errors"""
    command = "scripts/throw_sites.sh"
    path = BUILD / "coverage/throw_sites.json"
    f = figures(path, command)
    report.section("Errors", command, path, "Places that throw, those that no test reaches, and those whose text no test reads.")
    report.table(("folder", "sites", "never reached", "text never read"),
                 [(f"{n}/", r["sites"], r["missing"], r["unread"]) for n, r in f.items()])
    report.must(not any(r["missing"] + r["unread"] for r in f.values()), "errors without a test")


def sanitizers(report):
    """Sanitizers"""
    rows = []
    for preset, less, what in (("asan", "", "address, undefined behaviour, leaks"), ("tsan", " -E examples", "data races")):
        command = f"scripts/test.sh {preset}{less}"
        path = found(BUILD / preset / "results/summary", command)
        text = path.read_text().split("\n")[0]
        rows.append((f"`{command}`", what, text, datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()))
        report.must(text.endswith(" 0 failed"), f"preset {preset}")
    report.text += ["\n## Sanitizers\n", "The whole suite but the long trainings, by clang 14; for data races without the example programs.\n"]
    report.table(("command", "looks for", "tests", "on"), rows)


SECTIONS = (operations, parity, programs, programs_in_torch, mutation, coverage, errors, sanitizers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--partial", action="store_true")
    args = parser.parse_args()
    report = Report()
    for section in SECTIONS:
        try:
            section(report)
        except Missing as missing:
            if not args.partial:
                sys.exit(f"{section.__doc__}: no figures; they come from {missing}")
            report.text.append(f"\n## {section.__doc__}\n\nNot run on this tree: `{missing}`.\n")
            report.short.append(f"{section.__doc__}: not run")
    commit = subprocess.run(["git", "log", "-1", "--format=%h of %as"], cwd=ROOT, capture_output=True, text=True, check=True)
    head = ["# What is proven, and how\n",
            "Made by `scripts/correctness.py` from the files that the commands below leave in `build/`, at",
            f"{commit.stdout.strip()}; not edited by hand. Relative errors are |a - b| / max(1, |b|)."]
    TARGET.write_text("\n".join(head + report.text) + "\n")
    print(f"wrote {TARGET.relative_to(ROOT)}")
    for what in report.short:
        print(f"falls short: {what}", file=sys.stderr)
    sys.exit(1 if report.short else 0)


if __name__ == "__main__":
    main()
