#!/usr/bin/env python3
"""Sites that throw and that no test provoked. Usage: scripts/throw_sites.py LOGS

LOGS holds the stacks that tests/house/record_throws.cc wrote. The origin of an exception is the innermost position of its
stack outside of tensor/error.h and error.cpp, inlined calls included; a site is a call of fail, check, check_index or a
throw in the sources, from its first line to its last.
"""
import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("tensor", "autograd", "nn", "optim", "data", "io")
OURS = ("tensor/error.h", "tensor/error.cpp")
SITE = re.compile(r"(?<![\w.>:])(?:gradus::)?(?:fail|fail_with|check|check_index)\(|\bthrow\b(?!\s*;)")
DEFINITION = re.compile(r"(?:void|inline)\s+(?:fail|check|check_index)\(")


def blanked(text):
    """The text with comments and the insides of strings as blanks, lines kept."""
    def blank(m):
        return re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', blank, text, flags=re.S)


def end_of(text, at):
    """Where the parentheses (or the statement) that begin at `at` end."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if depth <= 0 and text[at] != "t":
                return i
        elif text[i] == ";" and depth <= 0:
            return i
    return len(text) - 1


def sites():
    """[(file, first line, last line, first line of text)]"""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix not in (".h", ".cpp") or name in OURS:
                continue
            source = path.read_text()
            text = blanked(source)
            lines = source.splitlines()
            for m in SITE.finditer(text):
                if DEFINITION.match(text[max(0, text.rfind("\n", 0, m.start()) + 1):m.end()].strip()):
                    continue
                end = end_of(text, m.start() if m.group(0) == "throw" else m.end() - 1)
                first, last = text.count("\n", 0, m.start()) + 1, text.count("\n", 0, end) + 1
                found.append((name, first, last, lines[first - 1].strip()))
    return found


def stacks(logs):
    found = set()
    for path in pathlib.Path(logs).iterdir():
        if path.suffix[1:].isdigit():
            found.update(tuple(line.split()) for line in path.read_text().splitlines() if line)
    return found


def positions(addresses):
    """{(module, offset): [(file, line), ...]}, inlined calls from the inside out."""
    tool = next((t for t in ("llvm-symbolizer-14", "llvm-symbolizer") if shutil.which(t)), None)
    result = {}
    by_module = collections.defaultdict(list)
    for module, offset in sorted(addresses):
        by_module[module].append(offset)
    for module, offsets in by_module.items():
        if tool:
            command = [tool, f"--obj={module}", "--inlines", "--functions=none", "--output-style=LLVM"]
            out = subprocess.run(command, input="\n".join(offsets) + "\n", capture_output=True, text=True, check=True)
            blocks = out.stdout.strip("\n").split("\n\n")
        else:
            out = subprocess.run(["addr2line", "-a", "-i", "-e", module] + offsets, capture_output=True, text=True,
                                 check=True)
            blocks = [b.split("\n", 1)[1] for b in re.split(r"^(?=0x)", out.stdout, flags=re.M) if b]
        for offset, block in zip(offsets, blocks):
            places = []
            for line in block.strip().splitlines():
                m = re.match(r"(.*?):(\d+)(?::\d+)?(?: \(.*\))?$", line)
                if m:
                    places.append((os.path.realpath(m.group(1)), int(m.group(2))))
            result[module, offset] = places
    return result


def origins(logs):
    """{(file, line)} of the innermost positions outside of error.h."""
    own = f"{ROOT}/"
    parsed = []
    for stack in stacks(logs):
        frames = [tuple(f.rsplit("+", 1)) for f in stack]
        # The standard library's own throws begin outside of our modules.
        parsed.append([f for f in frames if os.path.realpath(f[0]).startswith(own)][:4])
    where = positions({f for frames in parsed for f in frames})
    found = set()
    for frames in parsed:
        for path, line in (p for f in frames for p in where.get(f, [])):
            name = os.path.relpath(path, ROOT) if path.startswith(own) else path
            if name in OURS:
                continue
            found.add((name, line))
            break
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs")
    args = parser.parse_args()
    seen = origins(args.logs)
    if not seen:
        sys.exit(f"{args.logs}: no stacks")
    every = sites()
    missing = [s for s in every if not any((s[0], n) in seen for n in range(s[1], s[2] + 1))]
    for name, first, _, text in missing:
        print(f"{name}:{first}: {text}")
    counts = collections.Counter(s[0].split("/")[0] for s in every)
    without = collections.Counter(s[0].split("/")[0] for s in missing)
    print("\n| folder | sites | never reached |\n|---|---:|---:|")
    for folder in FOLDERS:
        print(f"| {folder} | {counts[folder]} | {without[folder]} |")
    print(f"| all | {len(every)} | {len(missing)} |")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
