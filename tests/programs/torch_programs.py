#!/usr/bin/env python3
"""Runs the programs that gradus_random_programs wrote, in torch, and compares values and gradients.

    gradus_random_programs --count 500 --python programs.py --results gradus.jsonl
    tests/programs/torch_programs.py programs.py gradus.jsonl [--json figures.json]

Numbers agree within 2e-8 of the largest in a program (float64). Where gradients do not, differences of torch's own values
say who is right. Where one refuses backward since a saved tensor was changed in place, the other may compute a gradient: it
is counted, and listed with --list. Values may differ in programs with jumps (remainder, floor), where a rounding decides.
Any other difference is a failure.
"""
import argparse
import json
import math
import sys
import warnings

import torch
import torch.nn.functional as nnf

TOLERANCE = 2e-8  # torch's backward of hardsigmoid multiplies by a sixth in float32
# What gradus does and torch refuses: results have the strides of their input there, and are contiguous here; operands that
# overlap the result are read before it changes.
ALLOWED = {"view size is not compatible": "torch cannot view",
           "some elements of the input tensor and the written-to tensor": "torch refuses overlap"}
warnings.filterwarnings("ignore")


def numbers(seed, n, lo, hi):
    x, r = seed % 2147483646 + 1, []
    for _ in range(n):
        x = x * 48271 % 2147483647
        r.append(lo + (hi - lo) * (x / 2147483647.0))
    return r


MOVED = [0.0, 0]  # how far leaves are moved in their directions, and the number of the next one


def count(shape):
    return math.prod(shape)


def direction(t, k):
    return torch.tensor(numbers(77 + k, t.numel(), -1, 1), dtype=torch.float64).reshape(t.shape)


def leaf(shape, lo, hi, seed, layout, grad):
    own = list(shape)
    if layout == "expanded" and own:
        own[0] = min(own[0], 1)
    t = torch.tensor(numbers(seed, count(own), lo, hi), dtype=torch.float64).reshape(own)
    if grad and MOVED[0]:
        t = t + MOVED[0] * direction(t, MOVED[1])
    MOVED[1] += bool(grad)
    if layout == "expanded":
        t = t.expand(shape)
    elif layout == "transposed" and t.dim() >= 2:
        t = t.transpose(0, -1).contiguous().transpose(0, -1)
    elif layout == "sliced" and t.dim() >= 1:
        own[-1] = 2 * own[-1] + 1
        view = torch.zeros(own, dtype=torch.float64)[..., 1::2]
        view.copy_(t)
        t = view
    t = t.detach()
    return t.requires_grad_() if grad else t


def strided(x, sizes, strides, offset):
    if not x.is_contiguous():
        raise RuntimeError("view size is not compatible: torch's strides differ")
    return torch.as_strided(x, sizes, strides, offset)


def index_of(values, shape):
    return torch.tensor(values, dtype=torch.int64).reshape(shape)


def mask_of(values, shape):
    return index_of(values, shape).bool()


def refused(f):
    try:
        f()
    except RuntimeError:
        return
    raise AssertionError("torch does not refuse what gradus refuses")


def outcome(program):
    """(values, gradients), or the text of an error."""
    try:
        leaves, outputs = program()
        roots = [y for y in outputs if y.requires_grad]
        weights = [torch.tensor(numbers(1000 + k, y.numel(), -1, 1), dtype=torch.float64).reshape(y.shape)
                   for k, y in enumerate(outputs) if y.requires_grad]
        values = [y.detach().clone() for y in outputs]
        grads = torch.autograd.grad(roots, leaves, weights, allow_unused=True) if roots and leaves else [None] * len(leaves)
        return values, [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, grads)]
    except Exception as e:  # whatever torch says belongs to the outcome
        return f"{type(e).__name__}: {e}"


def distance(theirs, ours):
    """The largest difference by the largest number; infinite where shapes differ."""
    if len(theirs) != len(ours):
        return math.inf
    scale, worst = 1.0, 0.0
    for a, (shape, elements) in zip(theirs, ours):
        if list(a.shape) != shape:
            return math.inf
        b = torch.tensor(elements, dtype=torch.float64).reshape(shape)
        if a.numel():
            scale = max(scale, a.abs().max().item())
            d = (a - b).abs().max().item()
            worst = max(worst, math.inf if math.isnan(d) else d)
    return worst / scale


def value(program, h):
    """<cotangents, outputs> with the leaves moved by h."""
    MOVED[:] = [h, 0]
    try:
        with torch.no_grad():
            leaves, outputs = program()
        return sum((y.detach() * torch.tensor(numbers(1000 + k, y.numel(), -1, 1), dtype=torch.float64).reshape(y.shape))
                   .sum().item() for k, y in enumerate(outputs))
    finally:
        MOVED[:] = [0.0, 0]


def torch_is_wrong(program, grads, ours):
    """Whether differences of torch's values agree with our gradients, and not with torch's."""
    slope = (value(program, 1e-6) - value(program, -1e-6)) / 2e-6
    along = lambda gs: sum((g.reshape(-1) * direction(g, k).reshape(-1)).sum().item() for k, g in enumerate(gs))
    mine = along([torch.tensor(e, dtype=torch.float64).reshape(s) for s, e in ours])
    scale = max(1.0, abs(slope))
    return abs(mine - slope) <= 1e-6 * scale and abs(along(grads) - slope) > 1e-6 * scale


def changed_in_place(text):
    return isinstance(text, str) and "modified by an inplace operation" in text


def judge(program, theirs, ours):
    """(verdict, detail)"""
    error = ours.get("error")
    if changed_in_place(theirs) or changed_in_place(error):
        if changed_in_place(theirs) and changed_in_place(error):
            return "both refuse", ""
        return ("torch refuses", "") if error is None else ("gradus refuses", error)
    if isinstance(theirs, str) and error is None:
        for text, verdict in ALLOWED.items():
            if text in theirs:
                return verdict, theirs
    if isinstance(theirs, str) or error is not None:
        return "differ", f"torch: {theirs if isinstance(theirs, str) else 'fine'}; gradus: {error or 'fine'}"
    values, grads = distance(theirs[0], ours["values"]), distance(theirs[1], ours["grads"])
    if values > TOLERANCE and ours.get("jumps"):
        return "a jump", f"values differ by {values:.2g}"
    if values > TOLERANCE:
        return "differ", f"values differ by {values:.2g}"
    if grads > TOLERANCE and torch_is_wrong(program, theirs[1], ours["grads"]):
        return "torch is wrong", f"gradients differ by {grads:.2g}, and differences agree with gradus"
    if grads > TOLERANCE:
        return "differ", f"gradients differ by {grads:.2g}"
    return "agree", max(values, grads)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs")
    parser.add_argument("results")
    parser.add_argument("--json", help="file for the figures")
    parser.add_argument("--list", action="store_true", help="also list programs that one refuses")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    scope = dict(globals())
    with open(arguments.programs) as f:
        exec(compile(f.read(), arguments.programs, "exec"), scope)
    with open(arguments.results) as f:
        results = [json.loads(line) for line in f]
    counts, worst = {}, 0.0
    for ours in results:
        program = scope[f"program_{ours['seed']}"]
        verdict, detail = judge(program, outcome(program), ours)
        counts[verdict] = counts.get(verdict, 0) + 1
        if verdict == "agree":
            worst = max(worst, detail)
        elif verdict == "differ" or arguments.list:
            print(f"program {ours['seed']}: {verdict}: {detail}", flush=True)
    figures = {"torch": torch.__version__, "programs": len(results), "worst": worst, **counts}
    print(json.dumps(figures))
    if arguments.json:
        with open(arguments.json, "w") as f:
            json.dump(figures, f, indent=2)
    return 1 if counts.get("differ") or not counts.get("agree") else 0


if __name__ == "__main__":
    sys.exit(main())
