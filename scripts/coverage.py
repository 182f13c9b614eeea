#!/usr/bin/env python3
"""Line coverage by folder, from gcov's JSON. Usage: scripts/coverage.py BUILD [--limit PERCENT]

A line counts once, wherever it was compiled: it is covered if any instantiation in any program ran it.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GATED = ("tensor", "autograd", "nn", "optim")
ROWS = ("tensor", "tensor/kernels", "autograd", "autograd/ops", "nn", "optim", "data", "io")


def counts_of(notes):
    """{file: {line: count}} of one object file; without counts, of an object that no program ran."""
    data = notes.with_suffix(".gcda")
    source = data if data.exists() else notes
    out = subprocess.run(["gcov", "--json-format", "--stdout", str(source)], capture_output=True, check=True).stdout
    found = collections.defaultdict(lambda: collections.defaultdict(int))
    for text in out.splitlines():
        report = json.loads(text)
        base = report["current_working_directory"]
        for entry in report["files"]:
            path = os.path.realpath(os.path.join(base, entry["file"]))
            if not path.startswith(f"{ROOT}/"):
                continue
            path = os.path.relpath(path, ROOT)
            if path.split("/")[0] not in ("tensor", "autograd", "nn", "optim", "data", "io"):
                continue
            for line in entry["lines"]:
                found[path][line["line_number"]] += line["count"]
    return {path: dict(lines) for path, lines in found.items()}


def read(build):
    total = collections.defaultdict(lambda: collections.defaultdict(int))
    notes = sorted(build.rglob("*.gcno"))
    if not notes:
        sys.exit(f"{build}: no .gcno files; build the preset `coverage` first")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(counts_of, notes):
            for path, lines in part.items():
                for number, count in lines.items():
                    total[path][number] += count
    return total


def ranges(numbers, known):
    """'3-5, 9': runs of lines that are neighbours among the lines that have code."""
    order = sorted(known)
    place = {n: i for i, n in enumerate(order)}
    runs = []
    for n in sorted(numbers):
        if runs and place[n] == place[runs[-1][1]] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def row_of(path):
    return max((r for r in ROWS if path.startswith(r + "/")), key=len)


def share(covered, lines):
    return 100 * covered / lines if lines else 100.0


def summary(files):
    rows = {r: [0, 0] for r in ROWS}
    totals = {r: [0, 0] for r in GATED}
    for path, lines in files.items():
        covered = sum(1 for c in lines.values() if c > 0)
        where = [rows[row_of(path)]]
        if path.split("/")[0] in totals:
            where.append(totals[path.split("/")[0]])
        for r in where:
            r[0] += len(lines)
            r[1] += covered
    return rows, totals


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--limit", type=float, default=95)
    args = parser.parse_args()
    files = read(args.build)
    rows, totals = summary(files)

    print("| folder | lines | covered | share |\n|---|---:|---:|---:|")
    for name, (lines, covered) in list(rows.items()) + [(f"{n}/ in all", r) for n, r in totals.items()]:
        print(f"| {name} | {lines} | {covered} | {share(covered, lines):.1f} % |")
    print(f"\nfiles below {args.limit:g} %:")
    below = 0
    for path in sorted(files):
        lines = files[path]
        missed = [n for n, c in lines.items() if c <= 0]
        percent = share(len(lines) - len(missed), len(lines))
        if percent < args.limit:
            below += 1
            print(f"  {path} {percent:.1f} %: {ranges(missed, lines)}")
    if not below:
        print("  none")

    report = {
        "limit": args.limit,
        "folders": {n: {"lines": r[0], "covered": r[1], "share": share(r[1], r[0])} for n, r in rows.items()},
        "totals": {n: {"lines": r[0], "covered": r[1], "share": share(r[1], r[0])} for n, r in totals.items()},
        "missed": {p: sorted(n for n, c in lines.items() if c <= 0) for p, lines in sorted(files.items())},
    }
    (args.build / "coverage.json").write_text(json.dumps(report, indent=1) + "\n")
    low = [n for n, (lines, covered) in totals.items() if lines == 0 or share(covered, lines) < args.limit]
    if low:
        sys.exit(f"below {args.limit:g} %: {', '.join(low)}")


if __name__ == "__main__":
    main()
