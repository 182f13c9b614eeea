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

F = nn.functional


def pooled(name, f, *sizes):
    """As `layer` for functions that also return indices."""
    x = (filled(*sizes) + torch.arange(torch.Size(sizes).numel()).reshape(sizes) * 1e-3).requires_grad_()
    y, index = f(x)
    put(name, y, index, *torch.autograd.grad((y * filled(*y.shape)).sum(), [x]))


pooled("max_pool1d", lambda x: F.max_pool1d(x, 3, 2, 1, 2, True, True), 2, 2, 9)
pooled("max_pool2d", lambda x: F.max_pool2d(x, (3, 2), (2, 1), (1, 0), (1, 2), True, True), 1, 2, 6, 5)
pooled("max_pool3d", lambda x: F.max_pool3d(x, (2, 3, 2), (2, 1, 3), (1, 1, 0), (2, 1, 3), True, True), 1, 2, 5, 4, 7)
pooled("adaptive_max_pool1d", lambda x: F.adaptive_max_pool1d(x, 3, True), 1, 2, 7)
pooled("adaptive_max_pool2d", lambda x: F.adaptive_max_pool2d(x, (None, 2), True), 1, 2, 3, 5)
pooled("adaptive_max_pool3d", lambda x: F.adaptive_max_pool3d(x, (2, 1, None), True), 2, 3, 2, 3)
samples = torch.tensor([[[0.1, 0.7], [0.5, 0.3]]])
pooled("fractional_max_pool2d", lambda x: F.fractional_max_pool2d(x, (2, 3), (4, 3), None, True, samples), 1, 2, 8, 9)
samples3 = torch.tensor([[[0.1, 0.7, 0.4]]])
pooled("fractional_max_pool3d",
       lambda x: F.fractional_max_pool3d(x, 2, None, (0.6, 0.5, 0.7), True, samples3), 1, 1, 5, 6, 5)
torch.manual_seed(0)
put("fractional_max_pool2d_random", F.fractional_max_pool2d(filled(1, 2, 8, 9), 2, (4, 3)))
layer("avg_pool2d", nn.AvgPool2d((3, 2), 2, (1, 0), True, False), 1, 2, 6, 5)
layer("avg_pool3d", nn.AvgPool3d((3, 2, 4), 3, (1, 0, 1), True, True), 1, 2, 5, 4, 6)
layer("avg_pool3d_divisor", nn.AvgPool3d(2, 1, 1, divisor_override=3), 1, 3, 2, 2)
layer("adaptive_avg_pool3d", nn.AdaptiveAvgPool3d((2, None, 2)), 1, 1, 5, 2, 3)
for d, size in ((1, (1, 2, 7)), (2, (1, 2, 5, 4)), (3, (1, 1, 4, 3, 4))):
    pool = getattr(nn, f"LPPool{d}d")
    layer(f"lp_pool{d}d", lambda x: pool(2.0, 2, 1, ceil_mode=True)(x + 1.5), *size)
for d, size in ((1, (1, 2, 6)), (2, (1, 2, 4, 2)), (3, (1, 1, 4, 2, 4))):
    x = filled(*size) + torch.arange(torch.Size(size).numel()).reshape(size) * 1e-3
    y, index = getattr(F, f"max_pool{d}d")(x, 2, return_indices=True)
    unpool = getattr(nn, f"MaxUnpool{d}d")(2)
    put(f"max_unpool{d}d", unpool(y, index), unpool(y, index, output_size=[n + 1 for n in size[2:]]))

for mode in ("constant", "reflect", "replicate", "circular"):
    layer("pad1d_" + mode, lambda x: F.pad(x, (2, -1), mode), 2, 2, 4)
    layer("pad2d_" + mode, lambda x: F.pad(x, (2, 1, 0, 2), mode), 1, 2, 3, 4)
    layer("pad3d_" + mode, lambda x: F.pad(x, (1, 0, 2, 1, 1, 1), mode), 1, 3, 3, 2)
layer("constant_pad3d", nn.ConstantPad3d((1, 0, 0, 1, 2, -1), 2.5), 1, 2, 2, 2, 2)

plane, volume = (1, 2, 3, 4), (1, 1, 2, 3, 2)
for mode in ("nearest", "nearest-exact", "area"):
    layer("line_" + mode, lambda x: F.interpolate(x, 7, mode=mode), 1, 2, 5)
    layer("plane_" + mode, lambda x: F.interpolate(x, (5, 3), mode=mode), *plane)
    layer("volume_" + mode, lambda x: F.interpolate(x, (3, 2, 4), mode=mode), *volume)
    for again in (False, True):
        layer(f"plane_{mode}_scaled_{again}",
              lambda x: F.interpolate(x, scale_factor=(1.7, 0.6), mode=mode, recompute_scale_factor=again), *plane)
for corners in (False, True):
    layer(f"line_linear_{corners}", lambda x: F.interpolate(x, 7, mode="linear", align_corners=corners), 1, 2, 5)
    layer(f"volume_trilinear_{corners}",
          lambda x: F.interpolate(x, (3, 2, 4), mode="trilinear", align_corners=corners), *volume)
    for mode in ("bilinear", "bicubic"):
        for anti in (False, True):
            layer(f"plane_{mode}_{corners}_{anti}",
                  lambda x: F.interpolate(x, (5, 2), mode=mode, align_corners=corners, antialias=anti), *plane)
            layer(f"plane_{mode}_scaled_{corners}_{anti}",
                  lambda x: F.interpolate(x, scale_factor=(1.7, 0.6), mode=mode, align_corners=corners, antialias=anti),
                  *plane)
layer("upsample", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), 1, 2, 2, 3)

theta = filled(2, 2, 3)
for corners in (False, True):
    put(f"affine_grid_{corners}", F.affine_grid(theta, (2, 1, 2, 3), corners))
    put(f"affine_grid3d_{corners}", F.affine_grid(filled(1, 3, 4), (1, 1, 2, 2, 3), corners))
    for mode in ("bilinear", "nearest", "bicubic"):
        for padding in ("zeros", "border", "reflection"):
            x, grid = filled(2, 2, 3, 4).requires_grad_(), (filled(2, 2, 3, 2) * 1.317 + 0.0123).requires_grad_()
            y = F.grid_sample(x, grid, mode, padding, corners)
            put(f"grid_sample_{mode}_{padding}_{corners}", y,
                *torch.autograd.grad((y * filled(*y.shape)).sum(), [x, grid][:1 if mode == "nearest" else 2]))
nan = torch.tensor([float("nan"), 0.3, 0.2, float("nan")]).reshape(1, 1, 2, 2)
put("grid_sample_nan", F.grid_sample(filled(1, 1, 3, 4), nan, align_corners=True, padding_mode="border"))

layer("fold", nn.Fold((4, 5), (2, 3), (1, 1), (1, 0), (2, 1)), 1, 12, 9)
layer("unfold", nn.Unfold((2, 3), (2, 1), (1, 0), (1, 2)), 1, 2, 4, 5)
layer("pixel_shuffle", nn.PixelShuffle(2), 1, 8, 2, 3)
layer("pixel_unshuffle", nn.PixelUnshuffle(2), 1, 2, 2, 4)
layer("channel_shuffle", nn.ChannelShuffle(3), 1, 6, 1, 2)
for size in (2, 3, 7):
    layer(f"local_response_norm_{size}", nn.LocalResponseNorm(size, 0.3, 0.6, 1.5), 2, 5, 3)
put("local_response_norm_4d", nn.LocalResponseNorm(3, 0.3, 0.6, 1.5)(filled(1, 5, 2, 2)))
for size in (3, 4):
    put(f"cross_map_lrn2d_{size}", nn.CrossMapLRN2d(size, 0.3, 0.6, 2)(filled(1, 9, 1, 2)))

print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record_spatial.py.")
print("// clang-format off")
print("#pragma once\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace recorded {\n")
print("inline const std::map<std::string, std::vector<double>> spatial = {")
for name, values in rows.items():
    print(f'    {{"{name}", {{{", ".join(f"{v:.8g}" for v in values)}}}}},')
print("};\n\n}  // namespace recorded")
