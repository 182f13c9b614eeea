"""Survivors that are known, each with the reason why no test can tell it from the original: explained.txt.

Blocks of lines, an empty line between two:

    file: activation.cpp
    line: from_input([](auto g, auto x) { return where(x <= t, 0, g); }));
    mutant: <= -> <
    why: ...

`line` is the source line on which the mutant begins, as it stands. A field may stand several times. A '**' in `mutant`
fits anything; a number after it, as in `0 -> 1 (2)`, means the second such change of that line. A block that no mutant
fits is an error, so that none outlives its line."""
import os
import re
import sys

from mutation.mutants import ROOT

PATH = os.path.join(ROOT, "scripts", "mutation", "explained.txt")


def fits(pattern, mutant):
    pattern = re.compile(".*".join(map(re.escape, pattern.split("**"))))
    return pattern.fullmatch(mutant.change()) or pattern.fullmatch(f"{mutant.change()} ({mutant.number})")


class Explained:
    def __init__(self):
        self.blocks = []
        with open(PATH) as f:
            text = "\n".join(line for line in f.read().splitlines() if not line.startswith("#"))
        for part in re.split(r"\n\s*\n", text.strip()):
            fields = [re.match(r"(file|line|mutant|why): (.*)", line) for line in part.splitlines()]
            if part and (not all(fields) or {f.group(1) for f in fields} != {"file", "line", "mutant", "why"}):
                sys.exit(f"{PATH}: not a block of file, line, mutant, why:\n{part}")
            if part:
                self.blocks.append({k: [f.group(2) for f in fields if f.group(1) == k]
                                    for k in ("file", "line", "mutant", "why")})

    def why(self, mutant):
        for block in self.blocks:
            if (os.path.basename(mutant.path) in block["file"] and mutant.source in block["line"] and
                    any(fits(p, mutant) for p in block["mutant"])):
                return " ".join(block["why"])
        return None

    def stale(self, mutants):
        """Blocks with a pattern that none of the mutants fits."""
        for block in self.blocks:
            mine = [m for m in mutants if os.path.basename(m.path) in block["file"] and m.source in block["line"]]
            for p in block["mutant"]:
                if not any(fits(p, m) for m in mine):
                    yield f"{block['file'][0]}: {block['line'][0]}: {p}"
