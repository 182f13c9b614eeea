"""Records what PyTorch's spatial layers compute: python3 tests/nn/record_spatial.py > tests/nn/recorded_spatial.h"""
import torch
from torch import nn

rows = {}


def put(name, *tensors):
    rows[name] = [x for t in tensors for x in t.detach().flatten().tolist()]


def filled(*sizes):
    """-1.0, -0.9 ... 1.0, again and again, in the order of memory."""
    n = torch.Size(sizes).numel()
    return ((torch.arange(n) * 7 % 21 - 10) / 10.0).reshape(sizes)


def fill(layer):
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(filled(*p.shape) / (2 if p.dim() == 1 else 1))
    return layer


def made(name, make):
    torch.manual_seed(0)
    put(name, *[p for p in make().parameters()])


def layer(name, f, *sizes, args=()):
    """y = f(x), and the gradients of sum(y filled(y)) by x and the parameters."""
    x = filled(*sizes).requires_grad_()
    parameters = []
    if isinstance(f, nn.Module):
        parameters = list(fill(f).parameters())
    y = f(x, *args)
    put(name, y, *torch.autograd.grad((y * filled(*y.shape)).sum(), [x, *parameters]))


made("conv3d", lambda: nn.Conv3d(2, 2, (1, 2, 2)))
made("conv_transpose1d", lambda: nn.ConvTranspose1d(4, 6, 3, groups=2))
made("conv_transpose2d", lambda: nn.ConvTranspose2d(2, 3, (2, 3)))
made("conv_transpose3d", lambda: nn.ConvTranspose3d(2, 1, 2, bias=False))

for mode in ("zeros", "reflect", "replicate", "circular"):
    layer("conv1d_" + mode, nn.Conv1d(2, 2, 3, padding=2, padding_mode=mode), 2, 2, 5)
    layer("conv2d_" + mode, nn.Conv2d(2, 2, (3, 2), stride=2, padding=(2, 1), padding_mode=mode), 1, 2, 4, 4)
    layer("conv2d_same_" + mode, nn.Conv2d(2, 4, (3, 4), padding="same", padding_mode=mode, groups=2), 1, 2, 4, 5)
layer("conv3d_zeros", nn.Conv3d(2, 2, (2, 1, 2), stride=(1, 2, 1), padding=1), 1, 2, 2, 3, 3)
layer("conv3d_circular", nn.Conv3d(1, 2, 2, padding=1, padding_mode="circular", dilation=2), 1, 1, 2, 3, 3)
layer("conv_transpose1d_options", nn.ConvTranspose1d(4, 2, 3, stride=2, padding=1, output_padding=1, groups=2), 1, 4, 4)
layer("conv_transpose2d_options", nn.ConvTranspose2d(2, 4, (2, 3), stride=(3, 2), padding=(0, 2), output_padding=(1, 1),
                                                     groups=2, dilation=(1, 2)), 2, 2, 3, 3)
layer("conv_transpose2d_unbatched", nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1, bias=False), 2, 3, 2)
layer("conv_transpose2d_size", nn.ConvTranspose2d(2, 3, 3, stride=3), 1, 2, 2, 2, args=([7, 8],))
layer("conv_transpose2d_size_dilated", nn.ConvTranspose2d(2, 3, 3, stride=2, dilation=2), 1, 2, 2, 2, args=([7, 8],))
layer("conv_transpose3d_options", nn.ConvTranspose3d(2, 2, (2, 1, 2), stride=(1, 2, 1), padding=(0, 0, 1)), 1, 2, 2, 2, 3)

print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record_spatial.py.")
print("// clang-format off")
print("#pragma once\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace recorded {\n")
print("inline const std::map<std::string, std::vector<double>> spatial = {")
for name, values in rows.items():
    print(f'    {{"{name}", {{{", ".join(f"{v:.8g}" for v in values)}}}}},')
print("};\n\n}  // namespace recorded")
