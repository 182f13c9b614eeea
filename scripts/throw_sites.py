#!/usr/bin/env python3
"""Sites that throw and that no test provoked, or whose text no test reads. Usage: scripts/throw_sites.py LOGS [--json FILE]

LOGS holds the stacks and texts that tests/house/record_throws.cc wrote. The origin of an exception is the innermost
position of its stack outside of tensor/error.h and error.cpp, inlined calls included; a site is a call of fail, check,
check_index or a throw in the sources, from its first line to its last. A text is read when it contains a string of the
tests that has words: at least WORDS characters and a space.
"""
import argparse
import collections
import json
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
WORDS = 10
LITERAL = re.compile(r'R"\((.*?)\)"|\'(?:\\.|[^\'\\\n])\'|"((?:\\.|[^"\\\n])*)"', re.S)
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
    """{stack: texts}"""
    found = collections.defaultdict(set)
    for path in pathlib.Path(logs).iterdir():
        if path.suffix[1:].isdigit():
            for line in path.read_text(errors="replace").split("\n"):
                stack, _, text = line.partition("\t")
                if stack:
                    found[tuple(stack.split())].add(text)
    return found


class Words:
    """The strings of the tests, found by their first characters."""

    def __init__(self):
        self.by_start = collections.defaultdict(set)
        for path in sorted((ROOT / "tests").rglob("*")):
            if path.suffix not in (".h", ".cpp", ".inc"):
                continue
            code = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("//"))
            for m in LITERAL.finditer(re.sub(r'"\s*\n\s*"', "", code)):
                word = m.group(1) or re.sub(r"\\(.)", r"\1", m.group(2) or "")
                if len(word) >= WORDS and " " in word.strip():
                    self.by_start[word[:WORDS]].add(word)

    def read(self, text):
        return any(text.startswith(word, i) for i in range(len(text))
                   for word in self.by_start.get(text[i:i + WORDS], ()))


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
    """{(file, line): texts} of the innermost positions outside of error.h."""
    own = f"{ROOT}/"
    parsed = []
    for stack, texts in stacks(logs).items():
        frames = [tuple(f.rsplit("+", 1)) for f in stack]
        # The standard library's own throws begin outside of our modules.
        parsed.append(([f for f in frames if os.path.realpath(f[0]).startswith(own)][:4], texts))
    where = positions({f for frames, _ in parsed for f in frames})
    found = collections.defaultdict(set)
    for frames, texts in parsed:
        for path, line in (p for f in frames for p in where.get(f, [])):
            name = os.path.relpath(path, ROOT) if path.startswith(own) else path
            if name in OURS:
                continue
            found[name, line] |= texts
            break
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs")
    parser.add_argument("--json", help="file for the figures")
    args = parser.parse_args()
    seen = origins(args.logs)
    if not seen:
        sys.exit(f"{args.logs}: no stacks")
    words = Words()
    every = sites()
    missing, unread = [], []
    for site in every:
        texts = [seen[site[0], n] for n in range(site[1], site[2] + 1) if (site[0], n) in seen]
        if not texts:
            missing.append(site)
        elif not any(words.read(text) for part in texts for text in part):
            unread.append((site, min(set().union(*texts), key=len)))
    for name, first, _, text in missing:
        print(f"{name}:{first}: {text}")
    for (name, first, _, _), said in unread:
        print(f"{name}:{first}: nobody reads: {said}")
    counts = collections.Counter(s[0].split("/")[0] for s in every)
    without = collections.Counter(s[0].split("/")[0] for s in missing)
    silent = collections.Counter(s[0].split("/")[0] for (s, _) in unread)
    print("\n| folder | sites | never reached | text never read |\n|---|---:|---:|---:|")
    for folder in FOLDERS:
        print(f"| {folder} | {counts[folder]} | {without[folder]} | {silent[folder]} |")
    print(f"| all | {len(every)} | {len(missing)} | {len(unread)} |")
    if args.json:
        figures = {f: {"sites": counts[f], "missing": without[f], "unread": silent[f]} for f in FOLDERS}
        pathlib.Path(args.json).write_text(json.dumps(figures, indent=1) + "\n")
    sys.exit(1 if missing or unread else 0)


if __name__ == "__main__":
    main()
