"""Records what PyTorch computes for every row of the test table (tests/autograd) into rows.safetensors.gz beside this
file: values and gradients in float32 and float64. Needs torch (2.13.0 was used).

    python3 tests/parity/rows.py build/release/tests/gradus_autograd_tests

The program is asked for the rows and their inputs, which are made in tests/autograd/parity_cases.cpp alone. The torch
form of a row stands in rows_*.py, one for each family. The same rows give the same file, byte for byte.

The file holds, for `row/case`, the result `y` and `g0`, `g1` …, the gradients of the inputs that have one: of float64
inputs, or of int64 for the case "integers". `y32` and so on are those of float32 inputs: as int8 by how many float32
numbers they are away from the rounded float64 ones (left out where they all are those), or as they are. `y alone` is another answer of PyTorch's. The metadata tell of every row which inputs it had.
"""
import gzip
import json
import math
import os
import subprocess
import sys
import tempfile
import warnings

import torch
from safetensors.torch import save

import rows_layer
import rows_loss
import rows_pointwise
import rows_product
import rows_reduce
import rows_shape
import rows_special

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = [rows_pointwise, rows_shape, rows_reduce, rows_loss, rows_product, rows_layer, rows_special]
# Masks of dropout come from a stream of numbers that does not depend on threads, not from PyTorch's.
OTHER_NUMBERS = """dropout_with|dropout_with half|dropout in place|dropout train|feature_dropout in place
feature_dropout train|feature_dropout matrix|alpha_dropout in place|alpha_dropout train|feature_alpha_dropout in place
feature_alpha_dropout train""".replace("\n", "|").split("|")


def read_cases(program):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cases")
        subprocess.run([program, "--gtest_also_run_disabled_tests", "--gtest_filter=*DISABLED_WriteTheirInputs"],
                       check=True, env={**os.environ, "GRADUS_PARITY_CASES": path}, stdout=subprocess.DEVNULL)
        with open(path) as lines:
            return [json.loads(line) for line in lines]


def make_inputs(case):
    types = {"index": torch.int64, "mask": torch.bool}
    xs = []
    for i in case["inputs"]:
        x = torch.tensor(i["values"], dtype=torch.float64).reshape(i["shape"])
        xs.append(x.to(types.get(i["kind"], getattr(torch, case["type"]))))
        if i["kind"] == "real" and xs[-1].is_floating_point():
            xs[-1].requires_grad_()
    return xs


def cotangent(n):
    return torch.tensor([math.sin(k + 1) for k in range(n)], dtype=torch.float64)


def computed(f, xs, weights=None):
    """The result as `y`, and gradients under the cotangent sin(1, 2, 3, …) or the one given."""
    y = f(*xs)
    found = {"y": y.detach().contiguous().clone()}
    wanted = {"g%d" % i: x for i, x in enumerate(xs) if x.requires_grad}
    if y.requires_grad and wanted:
        v = (cotangent(y.numel()) if weights is None else weights).reshape(y.shape).to(y.dtype)
        gradients = torch.autograd.grad(y, list(wanted.values()), v, allow_unused=True)
        found.update((n, g.contiguous().clone()) for n, g in zip(wanted, gradients) if g is not None)
    return found


def computed_twice(f, xs):
    """Element by element among many that are equal, as vectors of instructions compute it, and where that differs
    another time alone, as `y alone`: for NaNs and denormals PyTorch's two codes give two answers."""
    n = xs[0].numel()
    chosen = lambda k: [x[k].detach().requires_grad_(x.requires_grad) for x in xs]
    among = computed(f, chosen(torch.arange(n).repeat_interleave(64)), cotangent(n).repeat_interleave(64))
    found = {name: t[::64].clone() for name, t in among.items()}
    single = [computed(f, chosen(slice(k, k + 1)), cotangent(n)[k]) for k in range(n)]
    for name in list(found):
        alone = torch.cat([s[name] for s in single])
        tolerance = 1e-5 if alone.dtype == torch.float32 else 1e-12
        if not torch.allclose(alone.double(), found[name].double(), tolerance, tolerance, equal_nan=True):
            found[name + " alone"] = alone
    return found


def steps(t):
    """Numbers of a float32 tensor, such that neighbours are one apart."""
    bits = t.view(torch.int32).to(torch.int64)
    return torch.where(bits < 0, -(bits & 0x7fffffff), bits)


def beside(single, double):
    """A float32 result told by its distance from the float64 one, or as it is."""
    if single.dtype != torch.float32 or double.dtype != torch.float64:
        same = single.dtype == double.dtype != torch.float64 and torch.equal(single, double)
        return None if same else single
    rounded = double.float()
    away = steps(single) - steps(rounded)
    away[single.isnan() & rounded.isnan()] = 0
    if (single.isnan() ^ rounded.isnan()).any() or (away.abs() > 127).any():
        return single
    return away.to(torch.int8) if away.any() else None


def record(cases):
    rows = {name: f for family in FAMILIES for name, f in family.ROWS.items()}
    assert len(rows) == sum(len(family.ROWS) for family in FAMILIES), "a row in two families"
    asked = {c["row"] for c in cases}
    assert asked == rows.keys() | set(OTHER_NUMBERS) and not rows.keys() & set(OTHER_NUMBERS), (
        "rows without a form: %s, forms without a row: %s" % (asked - rows.keys() - set(OTHER_NUMBERS), rows.keys() - asked))
    tensors, fingerprints, double = {}, {}, {}
    for case in sorted(cases, key=lambda c: (c["row"], c["case"], c["type"] == "float32")):
        if case["row"] in OTHER_NUMBERS:
            fingerprints[case["row"]] = "none"
            continue
        fingerprints[case["row"]] = case["fingerprint"]
        try:
            compute = computed_twice if case["case"] == "extremes" else computed
            found = compute(rows[case["row"]], make_inputs(case))
        except (RuntimeError, TypeError, NotImplementedError, ValueError) as e:
            if case["case"] == "integers":  # what PyTorch refuses
                continue
            raise RuntimeError("%s, %s, %s" % (case["row"], case["case"], case["type"])) from e
        for name, t in found.items():
            place = "%s/%s/%s" % (case["row"], case["case"], name)
            if case["type"] != "float32":
                tensors[place] = t
            elif case["case"] == "extremes":
                tensors[place + "32"] = t
            elif (t := beside(t, tensors[place])) is not None:
                tensors[place + "32"] = t
    return tensors, fingerprints


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    cases = read_cases(sys.argv[1])
    tensors, fingerprints = record(cases)
    metadata = "".join("%s\t%s\n" % row for row in sorted(fingerprints.items()))
    data = gzip.compress(save(tensors, {"rows": metadata}), 9, mtime=0)
    with open(os.path.join(HERE, "rows.safetensors.gz"), "wb") as out:
        out.write(data)
    print("%d rows, %d cases, %d tensors, %d bytes" % (len(fingerprints), len(cases), len(tensors), len(data)))


if __name__ == "__main__":
    main()
