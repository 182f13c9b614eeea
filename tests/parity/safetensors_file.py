"""Records a file of the safetensors package (0.8.0 was used, with torch 2.13.0) that has a tensor of every type, into
safetensors_values.h beside this file. With a path: reads the file there, written by gradus (the test
Safetensors.HasEveryTypeAsPythonWritesIt leaves one), and checks that it holds the same tensors.
"""
import os
import sys

import torch
from safetensors.torch import load_file, save

NUMBERS = [0.0, 1.0, -2.5, 3.140625, -0.125, 100.0]
TENSORS = {
    "F64": torch.tensor(NUMBERS, dtype=torch.float64), "F32": torch.tensor(NUMBERS, dtype=torch.float32),
    "F16": torch.tensor(NUMBERS, dtype=torch.float16).reshape(2, 3), "BF16": torch.tensor(NUMBERS, dtype=torch.bfloat16),
    "I64": torch.tensor([1, -2, 2**40]), "I32": torch.tensor([1, -70000], dtype=torch.int32),
    "I16": torch.tensor([1, -300, 32767], dtype=torch.int16), "I8": torch.tensor([[1], [-128], [127]], dtype=torch.int8),
    "U8": torch.tensor([0, 255], dtype=torch.uint8), "BOOL": torch.tensor([True, False, True]),
    "BF16.scalar": torch.tensor(-1.5, dtype=torch.bfloat16), "F16.empty": torch.empty(0, 3, dtype=torch.float16),
}


def main():
    if len(sys.argv) > 1:
        found = load_file(sys.argv[1])
        assert found.keys() == TENSORS.keys(), found.keys()
        for name, t in TENSORS.items():
            assert found[name].dtype == t.dtype and torch.equal(found[name], t), name
        print("the same", len(found), "tensors")
        return
    data = save(TENSORS)
    rows = "\n".join("    " + " ".join("0x%02x," % b for b in data[i:i + 20]) for i in range(0, len(data), 20))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "safetensors_values.h"), "w") as out:
        out.write("// Made by safetensors_file.py with safetensors 0.8.0; do not edit.\n#pragma once\n\nnamespace recorded {\n\n"
                  "// clang-format off\ninline constexpr unsigned char safetensors_file[] = {\n%s\n};\n// clang-format on\n\n"
                  "}  // namespace recorded\n" % rows)


main()
