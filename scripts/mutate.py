#!/usr/bin/env python3
"""Mutates the derivatives in autograd/ops/*.cpp, one at a time, and asks the table of operations whether it notices.

    scripts/mutate.py                                # all of them: an hour or more
    scripts/mutate.py --only norm.cpp:57 softmax.cpp # those of a line, of a file
    scripts/mutate.py --sample 60 --seed 1           # a random sample
    scripts/mutate.py --ten                          # ten chosen by hand, with all the rows that notice each
    scripts/mutate.py --sample 20 --apart            # do mutants that are compiled alone get the same verdicts?
    scripts/mutate.py --list [FILE...]               # without building anything

A derivative is what stands in from_input(...), from_output(...) and their like, in a backward function (a lambda that
takes a Node, or `auto g` first), in a composed form, and in functions that only these call. Mutants of one: a sign
flipped, a term or a factor dropped, a product made a quotient, operands swapped, a number, a truth or a bound changed,
the saved tensor taken for another.

The tree is never touched. All mutants of a file are compiled into one object (scripts/mutation/schema.py), linked with
the other objects of a build into a library of its own, for which the table looks first; the environment says which
mutant counts. The rows of the file's operations run first, then the whole table, then, told apart, all other tests of
autograd. Verdicts are kept in BUILD/mutation/results.json, so that a run that was interrupted goes on; --fresh forgets
them, --again those of survivors that are not explained.

Survivors that no test can tell from the original are explained in scripts/mutation/explained.txt. Prints the others, and
a table by file; ends with 1 if any is not explained, or the table noticed less than 97 in 100 of those that are not
equivalent.
"""
import argparse
import collections
import concurrent.futures
import datetime
import glob
import json
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from mutation.explained import Explained
from mutation.mutants import ROOT, mutants_of
from mutation.ten import TEN
from mutation.workshop import OTHERS, TABLE, Workshop

OWN, REST, BEYOND, NONE, SURVIVED = "own rows", "other rows", "other tests", "does not compile", "survived"
STAGES = [(REST, TABLE), (BEYOND, OTHERS)]
SHARE = 0.97  # what the table must notice


class Results:
    """Verdicts by mutant, and their numbers by file, on disk."""

    def __init__(self, path, fresh):
        self.path, self.of, self.files, self.total = path, {}, {}, {}
        if not fresh and os.path.exists(path):
            with open(path) as f:
                self.of = json.load(f)["mutants"]

    def forget(self, mutants):
        for m in mutants:
            self.of.pop(m.key(), None)

    def verdict(self, m):
        return self.of.get(m.key(), {}).get("verdict")

    def save(self):
        with open(self.path + ".new", "w") as f:
            json.dump({"date": datetime.date.today().isoformat(), "total": self.total, "files": self.files,
                       "mutants": self.of}, f, indent=0)
        os.replace(self.path + ".new", self.path)


def judge_file(shop, path, wanted, results, jobs):
    """Verdicts for those of the wanted mutants of a file that have none yet. They share an object."""
    code, mutants = mutants_of(path)
    todo = {m.key() for m in wanted} - set(results.of)
    mutants = [m for m in mutants if m.key() in todo]
    if not mutants:
        return
    name = os.path.basename(path)[:-4]
    start = time.time()
    schema = shop.make_all(path, code, mutants, name)
    print(f"{path}: {len(mutants)} mutants in one library after {time.time() - start:.0f} s", flush=True)
    left = dict(enumerate(mutants))
    met = set()

    def settle(id_, verdict, by):
        m = left.pop(id_)
        results.of[m.key()] = {"file": path, "verdict": verdict, "by": by}
        if verdict in (SURVIVED, BEYOND):
            print(f"{verdict}{' ' * bool(by)}{by}: {m}", flush=True)

    for id_ in [i for i in left if not schema.compiles(i)]:
        settle(id_, NONE, "")
    for stage, filter_ in [(OWN, shop.own_rows(path)), *STAGES]:
        reached = shop.reached(name, len(mutants), filter_) & set(left) if left else set()
        met |= reached
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            running = {pool.submit(shop.passes, name, filter_, GRADUS_MUTANT=str(id_)): id_ for id_ in reached}
            for done in concurrent.futures.as_completed(running):
                passed, killer = done.result()
                if not passed:
                    settle(running[done], stage, killer)
    for id_ in list(left):
        settle(id_, SURVIVED, "" if id_ in met else "no test comes to it")
    results.save()  # now, should the run be stopped
    print(f"{path}: {len(mutants)} judged after {time.time() - start:.0f} s", flush=True)


def choose(arguments):
    """The mutants wanted, by file."""
    paths = sorted(os.path.relpath(p, ROOT) for p in glob.glob(os.path.join(ROOT, "autograd/ops/*.cpp")))
    wanted = arguments.only or arguments.files
    if wanted:
        names = {w.split(":")[0] for w in wanted}
        paths = [p for p in paths if os.path.basename(p) in names or p in names]
    found = [m for p in paths for m in mutants_of(p)[1]]
    places = {w for w in wanted if ":" in w}
    if places:
        whole = {w for w in wanted if ":" not in w}
        at = lambda m: f"{os.path.basename(m.path)}:{m.line}"
        found = [m for m in found if at(m) in places or os.path.basename(m.path) in whole]
    if arguments.match:
        found = [m for m in found if re.search(arguments.match, str(m))]
    if arguments.sample:
        random.seed(arguments.seed)
        found = random.sample(found, min(arguments.sample, len(found)))
    by_file = collections.defaultdict(list)
    for m in found:
        by_file[m.path].append(m)
    return dict(sorted(by_file.items()))


def report(by_file, results, explained):
    """Prints the table by file, and the survivors that are not explained or wrongly so. Returns whether there are
    none, and the table noticed its share."""
    columns = ["mutants", OWN, REST, BEYOND, NONE, "explained", SURVIVED]
    total, alive, wrong = collections.Counter(), [], []
    print("\n| file | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    for path, mutants in by_file.items():
        count = collections.Counter()
        for m in mutants:
            verdict, by = results.of[m.key()]["verdict"], results.of[m.key()]["by"]
            if explained.why(m) and verdict != SURVIVED:
                wrong.append(f"explained, but not a survivor ({verdict} {by}): {m}")
            elif explained.why(m):
                verdict = "explained"
            elif verdict == SURVIVED:
                alive.append((m, by))
            count[verdict] += 1
            count["mutants"] += 1
        total += count
        results.files[path] = {c: count[c] for c in columns}
        print(f"| {os.path.basename(path)} | " + " | ".join(str(count[c]) for c in columns) + " |")
    print("| all | " + " | ".join(str(total[c]) for c in columns) + " |\n")
    for m, why in alive:
        print("survived:", m, f"({why})" if why else "")
    print("\n".join(wrong), end="\n" * bool(wrong))
    results.total = {c: total[c] for c in columns}
    table, other = total[OWN] + total[REST], total[BEYOND]
    judged = table + other + total[SURVIVED]
    if judged:
        print(f"{table} of {judged} killed by the table ({100 * table / judged:.2f} %), {table + other} with the other tests "
              f"of autograd ({100 * (table + other) / judged:.2f} %); {total['explained']} more are equivalent and explained, "
              f"{total[NONE]} do not compile")
    return not total[SURVIVED] and not wrong and table >= SHARE * judged


def check_apart(shop, chosen, results):
    """Compiles mutants each alone, as a file of its own, and compares with the verdicts. Returns how many differ. A number
    in the place of a tensor, which the common object fills in, does not compile alone."""
    differ = 0
    for m in chosen:
        with open(os.path.join(ROOT, m.path)) as f:
            words = shop.make(m.path, m.apply(f.read()), "apart")
        alone = NONE if words else SURVIVED
        for stage, filter_ in STAGES:
            if alone == SURVIVED and not shop.passes("apart", filter_)[0]:
                alone = stage
        known = results.of[m.key()]["verdict"]
        same = known == alone or {known, alone} <= {OWN, REST} or alone == NONE
        differ += not same
        print(f"{'same' if same else 'DIFFERENT'}: {known}, alone: {alone}: {m}", flush=True)
    print(f"{len(chosen) - differ} of {len(chosen)} have the same verdict alone")
    return differ


def ten(shop):
    """Breaks ten derivatives of different families, each alone, and prints the rows that notice."""
    failed = 0
    for path, line, change in TEN:
        code, mutants = mutants_of(path)
        chosen = [m for m in mutants if line in m.source and m.change() == change][:1]
        if not chosen:
            sys.exit(f"{path}: no mutant {change} in a line with {line}")
        name = "ten_" + os.path.basename(path)[:-4]
        schema = shop.make_all(path, code, chosen, name)
        killers = shop.all_killers(name, 0) if schema.compiles(0) else []
        failed += not killers
        own = shop.own_rows(path)
        killers.sort(key=lambda k: (f"/{k.split()[0]}:" not in own, "FirstOrder" not in k))
        more = f" and {len(killers) - 5} more" if len(killers) > 5 else ""
        print(f"{chosen[0]}\n    fails: {', '.join(killers[:5]) or 'NOTHING'}{more}", flush=True)
    print(f"{len(TEN) - failed} of {len(TEN)} noticed")
    return failed


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="files of autograd/ops; all by default")
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE[:LINE]", help="the mutants of files or lines")
    parser.add_argument("--match", metavar="REGEX", help="those whose line in --list fits")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    parser.add_argument("--ten", action="store_true", help="the ten of scripts/mutation/ten.py")
    parser.add_argument("--apart", action="store_true", help="compile those that were judged each alone, and compare")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="N mutants chosen at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fresh", action="store_true", help="forget all verdicts of earlier runs")
    parser.add_argument("--again", action="store_true", help="judge survivors that are not explained again")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"), help="a build with shared libraries")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time")
    parser.add_argument("--limit", type=float, default=120, help="seconds for one run of the tests")
    return parser.parse_args(words)


def main():
    arguments = arguments_of(sys.argv[1:])
    by_file = choose(arguments)
    if arguments.list:
        for mutants in by_file.values():
            print("\n".join(map(str, mutants)))
        print(sum(map(len, by_file.values())), "mutants")
        return 0
    explained = Explained()
    stale = list(explained.stale([m for p in glob.glob(os.path.join(ROOT, "autograd/ops/*.cpp"))
                                  for m in mutants_of(os.path.relpath(p, ROOT))[1]]))
    if stale:
        sys.exit("explained, but no such mutant:\n" + "\n".join(stale))
    shop = Workshop(os.path.abspath(arguments.build), arguments.limit)
    shop.prepare()
    if arguments.ten:
        return 1 if ten(shop) else 0
    results = Results(os.path.join(shop.folder, "results.json"), arguments.fresh)
    if arguments.apart:
        judged = [m for mutants in by_file.values() for m in mutants if m.key() in results.of]
        return 1 if check_apart(shop, judged, results) else 0
    if arguments.again:
        results.forget([m for mutants in by_file.values() for m in mutants
                        if results.verdict(m) in (SURVIVED, BEYOND) and not explained.why(m)])
    try:
        for path, mutants in by_file.items():
            judge_file(shop, path, mutants, results, arguments.jobs)
        return 0 if report(by_file, results, explained) else 1
    finally:
        results.save()


if __name__ == "__main__":
    sys.exit(main())
