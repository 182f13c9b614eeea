"""Rows of tests/autograd/rows_{norm,conv,pool,pool_windows,spatial,grid_sample,dropout}.cpp as torch computes them."""
import torch
import torch.nn.functional as F

nn = torch._C._nn
EPS = 0.4


def conv(dims, *, stride=1, padding=0, dilation=1, groups=1):
    f = (F.conv1d, F.conv2d, F.conv3d)[dims - 1]
    return lambda x, w, b=None: f(x, w, b, stride, padding, dilation, groups)


def pooled_conv(after=lambda y: y, **options):
    return lambda *x: F.max_pool2d(after(F.conv2d(*x, **options)), 2)


def transposed(dims, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    f = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[dims - 1]
    return lambda x, w, b=None: f(x, w, b, stride, padding, output_padding, groups, dilation)


def parts(name, dims, x_shape, w_shape, pad, **options):
    """The three linear maps of a convolution: the two others are its gradients, recorded to be differentiated."""
    whole = conv(dims, **options)
    forward = lambda x, w, b=None: whole(F.pad(x, pad), w, b)

    def of_input(g, w, b):
        x = torch.zeros(x_shape, dtype=g.dtype, requires_grad=True)
        gx, = torch.autograd.grad(forward(x, w), x, g, create_graph=True)
        return gx + b.reshape(-1, *[1] * dims)

    def of_weight(x, g):
        w = torch.zeros(w_shape, dtype=g.dtype, requires_grad=True)
        return torch.autograd.grad(forward(x, w), w, g, create_graph=True)[0]

    return {"conv_forward" + name: forward, "conv_input" + name: of_input, "conv_weight" + name: of_weight}


def both(name, variant, f):
    """Values and indices, and the function without indices where torch has no other."""
    return {name + " values" + variant: lambda *x: f(*x)[0], name + " indices" + variant: lambda *x: f(*x)[1]}


def max_pool(dims, variant, *options):
    f = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[dims - 1]
    name = "max_pool%dd" % dims
    rows = both(name + "_with_indices", variant and "_" + variant, lambda x: f(x, *options, return_indices=True))
    rows[name + (variant and " " + variant)] = lambda x: f(x, *options)
    rows["relu_" + name + (variant and " " + variant)] = lambda x: f(torch.relu(x), *options)
    return rows


def unpool(f, size, *options):
    def at_some_places(x):
        n = x[0, 0].numel() if x.dim() > len(size) + 1 else x[0].numel()
        places = torch.arange(x.numel()) % n * 5 % torch.Size(size).numel()
        return f(x, places.reshape(x.shape), size, *options)
    return at_some_places


def resample(dim):
    """Sums with the row's weights, as a matrix."""
    def f(x):
        n = x.size(dim)
        m = torch.zeros(5, n, dtype=x.dtype)
        for i in range(5):
            for k in range(i):
                m[i, (i * 3 + k * 2) % n] += 0.5 * k - 1.25
        return torch.tensordot(m, x, ([1], [dim])).movedim(0, dim)
    return f


def resize(f, size, *options):
    return lambda x: f(x, size, *options)


ROWS = {
    # normalization
    "batch_norm evaluation": lambda x, m, v, w, b: F.batch_norm(x, m, v, w, b, False, 0.1, EPS),
    "batch_norm evaluation planes": lambda x, m, v, w, b: F.batch_norm(x, m, v, w, b, False, 0.1, EPS),
    "layer_norm": lambda x, w, b: F.layer_norm(x, (6,), w, b, EPS),
    "layer_norm two dimensions": lambda x, w, b: F.layer_norm(x, (4, 5), w, b, EPS),
    "layer_norm without weights": lambda x: F.layer_norm(x, (37,), eps=EPS),
    "rms_norm": lambda x, w: F.rms_norm(x, (6,), w, EPS),
    "rms_norm two dimensions": lambda x, w: F.rms_norm(x, (4, 5), w, EPS),
    "rms_norm without weights": lambda x: F.rms_norm(x, (37,), eps=EPS),
    "group_norm": lambda x, w, b: F.group_norm(x, 3, w, b, EPS),
    "group_norm matrix": lambda x, w, b: F.group_norm(x, 2, w, b, EPS),
    "group_norm planes": lambda x, w, b: F.group_norm(x, 2, w, b, EPS),
    "group_norm without weights": lambda x: F.group_norm(x, 1, eps=EPS),
    "group_norm one row": lambda x, w, b: F.group_norm(x, 1, w, b, EPS),
    "group_norm empty planes": lambda x, w, b: F.group_norm(x, 2, w, b, EPS),
    "instance_norm": lambda x, w, b: F.instance_norm(x, None, None, w, b, True, 0.1, EPS),
    # convolutions
    "conv2d": conv(2),
    "conv2d without_bias": conv(2),
    "conv2d pixels": conv(2),
    "conv2d stride": conv(2, stride=(2, 3)),
    "conv2d padding": conv(2, padding=(1, 2)),
    "conv2d dilation": conv(2, dilation=(2, 3)),
    "conv2d stride_padding_dilation": conv(2, stride=(2, 1), padding=(1, 2), dilation=2),
    "conv2d rows_left_over": conv(2, stride=3),
    "conv2d groups": conv(2, padding=1, groups=2),
    "conv2d groups_stride": conv(2, stride=2, groups=3),
    "conv2d depthwise": conv(2, padding=1, groups=3),
    "conv2d depthwise_twice": conv(2, stride=2, padding=1, groups=3),
    "conv2d unbatched": conv(2),
    "conv2d unbatched_without_bias": conv(2, stride=2, padding=1),
    "conv2d more_channels_than_lanes": conv(2, padding=1),
    "conv2d kernel_as_large_as_input": conv(2),
    "conv2d_max_pool2d": pooled_conv(padding=1),
    "conv2d_max_pool2d without_bias": pooled_conv(),
    "conv2d_max_pool2d dilation": pooled_conv(padding=(2, 1), dilation=(2, 1)),
    "conv2d_max_pool2d relu": pooled_conv(after=torch.relu, padding=1),
    "conv2d_max_pool2d relu_few_images": pooled_conv(after=torch.relu),
    "conv2d_max_pool2d few_images": pooled_conv(),
    "conv2d_max_pool2d options": pooled_conv(stride=(2, 1), padding=(1, 2), groups=2),
    "conv2d_max_pool2d unbatched": pooled_conv(),
    "conv2d valid": conv(2, stride=(2, 1), padding="valid"),
    "conv2d same": conv(2, padding="same"),
    "conv2d same_uneven": conv(2, padding="same", dilation=(3, 1)),
    "conv1d": conv(1),
    "conv1d options": conv(1, stride=2, padding=1, dilation=2, groups=2),
    "conv1d without_bias": conv(1, padding=2),
    "conv1d unbatched": conv(1),
    "conv1d same": conv(1, padding="same"),
    "conv3d": conv(3),
    "conv3d options": conv(3, stride=(1, 2, 3), padding=(2, 0, 1), dilation=(2, 1, 1), groups=2),
    "conv3d depthwise": conv(3, padding=1, groups=3),
    "conv3d unbatched": conv(3),
    "conv3d same": conv(3, padding="same"),
    "convolution": lambda x, w, b: torch.convolution(x, w, b, (2, 1), (1, 0), (1, 2), False, (0, 0), 1),
    "convolution transposed": lambda x, w, b: torch.convolution(x, w, b, (2, 2), (1, 1), (1, 1), True, (1, 0), 1),
    "conv_transpose2d": transposed(2),
    "conv_transpose2d without_bias": transposed(2, stride=2, padding=1),
    "conv_transpose2d few_outputs": transposed(2, stride=2, padding=1),
    "conv_transpose2d output_padding": transposed(2, stride=(2, 3), padding=1, output_padding=(1, 2)),
    "conv_transpose2d output_padding_up_to_dilation": transposed(2, dilation=(4, 3), output_padding=(3, 2)),
    "conv_transpose2d dilation": transposed(2, padding=(2, 1), dilation=(2, 3)),
    "conv_transpose2d groups": transposed(2, stride=2, groups=2),
    "conv_transpose2d depthwise": transposed(2, stride=2, padding=1, groups=6),
    "conv_transpose2d pixels": transposed(2),
    "conv_transpose2d unbatched": transposed(2),
    "conv_transpose2d one_pixel": transposed(2),
    "conv_transpose2d padding_beyond_kernel": transposed(2, padding=(2, 1)),
    "conv_transpose1d": transposed(1),
    "conv_transpose1d options": transposed(1, stride=3, padding=1, dilation=2, groups=2, output_padding=2),
    "conv_transpose1d unbatched": transposed(1),
    "conv_transpose3d": transposed(3),
    "conv_transpose3d options": transposed(3, stride=(1, 2, 3), padding=(1, 0, 1), dilation=(2, 1, 1), groups=2,
                                           output_padding=(1, 1, 2)),
    "conv_transpose3d unbatched": transposed(3, stride=2),
    **parts("", 2, (2, 3, 5, 6), (4, 3, 3, 2), (0, 0)),
    **parts(" uneven", 2, (2, 4, 5, 6), (6, 2, 3, 2), (0, 1, 1, 2), stride=(2, 1), dilation=(1, 2), groups=2),
    **parts(" depthwise", 2, (1, 3, 6, 5), (3, 1, 3, 3), (1, 1, 1, 1), stride=2, groups=3),
    **parts(" line", 1, (2, 3, 7), (4, 3, 3), (0, 0)),
    **parts(" volume", 3, (1, 4, 5, 6, 3), (2, 2, 3, 2, 2), (0, 0, 0, 1, 1, 2), stride=(2, 1, 1), dilation=(1, 2, 1),
            groups=2),
    # pooling
    "max_pool1d": lambda x: F.max_pool1d(x, 3),
    "max_pool1d options": lambda x: F.max_pool1d(x, 3, 2, 1, 2, True),
    "max_pool1d unbatched": lambda x: F.max_pool1d(x, 2, 2),
    "relu_max_pool1d": lambda x: F.max_pool1d(torch.relu(x), 3),
    "relu_max_pool1d options": lambda x: F.max_pool1d(torch.relu(x), 3, 2, 1, 2, True),
    "relu_max_pool1d padding": lambda x: F.max_pool1d(torch.relu(x), 3, 2, 1),
    **both("max_pool1d_with_indices", "", lambda x: F.max_pool1d(x, 3, 2, 1, 2, True, return_indices=True)),
    **max_pool(2, "", 2),
    **max_pool(2, "overlap", (3, 2), (1, 2)),
    **max_pool(2, "padding", 3, 2, 1),
    **max_pool(2, "dilation", (2, 3), (2, 1), 0, (3, 2)),
    **max_pool(2, "ceil", (3, 2), 2, (1, 0), 1, True),
    **max_pool(2, "ceil_padding_dilation", 2, (3, 2), 1, 2, True),
    **max_pool(2, "unbatched", 2),
    **max_pool(2, "many_columns", 2),
    **max_pool(3, "", (2, 3, 2)),
    **max_pool(3, "options", (2, 3, 2), (2, 1, 3), (1, 1, 0), (2, 1, 3)),
    **max_pool(3, "ceil", (3, 2, 4), 3, (1, 0, 1), 1, True),
    **max_pool(3, "unbatched", 2),
    "avg_pool1d": lambda x: F.avg_pool1d(x, 3),
    "avg_pool1d options": lambda x: F.avg_pool1d(x, 3, 2, 1, True, False),
    "avg_pool1d unbatched": lambda x: F.avg_pool1d(x, 2),
    "avg_pool2d": lambda x: F.avg_pool2d(x, 2),
    "avg_pool2d stride_padding": lambda x: F.avg_pool2d(x, (3, 2), (2, 1), 1),
    "avg_pool2d without_padding_counted": lambda x: F.avg_pool2d(x, (3, 2), (2, 1), 1, False, False),
    "avg_pool2d ceil": lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 0), True),
    "avg_pool2d ceil_without_padding_counted": lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 0), True, False),
    "avg_pool2d divisor": lambda x: F.avg_pool2d(x, (3, 2), 2, 1, False, True, 5),
    "avg_pool2d unbatched": lambda x: F.avg_pool2d(x, (2, 3)),
    "avg_pool3d": lambda x: F.avg_pool3d(x, (2, 3, 2)),
    "avg_pool3d stride_padding": lambda x: F.avg_pool3d(x, (3, 2, 4), (2, 1, 3), (1, 1, 2)),
    "avg_pool3d ceil": lambda x: F.avg_pool3d(x, (3, 2, 4), 3, (1, 0, 1), True),
    "avg_pool3d ceil_without_padding_counted": lambda x: F.avg_pool3d(x, (3, 2, 4), 3, (1, 0, 1), True, False),
    "avg_pool3d divisor": lambda x: F.avg_pool3d(x, 2, 1, 1, False, True, 3),
    "adaptive_avg_pool1d": lambda x: F.adaptive_avg_pool1d(x, 3),
    "adaptive_avg_pool1d unbatched": lambda x: F.adaptive_avg_pool1d(x, 5),
    "adaptive_avg_pool2d one": lambda x: F.adaptive_avg_pool2d(x, 1),
    "adaptive_avg_pool2d uneven": lambda x: F.adaptive_avg_pool2d(x, (3, 2)),
    "adaptive_avg_pool2d larger": lambda x: F.adaptive_avg_pool2d(x, (5, 3)),
    "adaptive_avg_pool2d kept": lambda x: F.adaptive_avg_pool2d(x, (None, 4)),
    "adaptive_avg_pool2d unbatched": lambda x: F.adaptive_avg_pool2d(x, (2, 3)),
    "adaptive_avg_pool3d": lambda x: F.adaptive_avg_pool3d(x, (2, 3, 2)),
    "adaptive_avg_pool3d unbatched": lambda x: F.adaptive_avg_pool3d(x, (None, 1, 4)),
    **both("adaptive_max_pool1d", "", lambda x: F.adaptive_max_pool1d(x, 3, True)),
    **both("adaptive_max_pool1d", "_no batch", lambda x: F.adaptive_max_pool1d(x, 3, True)),
    **both("adaptive_max_pool2d", "", lambda x: F.adaptive_max_pool2d(x, (3, None), True)),
    **both("adaptive_max_pool2d", "_larger", lambda x: F.adaptive_max_pool2d(x, 5, True)),
    **both("adaptive_max_pool3d", "", lambda x: F.adaptive_max_pool3d(x, (2, 3, 2), True)),
    **both("fractional_max_pool2d", "", lambda x, s: nn.fractional_max_pool2d(x, (2, 3), (4, 3), s)),
    **both("fractional_max_pool2d", "_unbatched", lambda x, s: nn.fractional_max_pool2d(x, (2, 3), (1, 6), s)),
    **both("fractional_max_pool3d", "", lambda x, s: nn.fractional_max_pool3d(x, (2, 2, 3), (2, 3, 2), s)),
    "max_unpool2d": unpool(nn.max_unpool2d, (4, 4)),
    "max_unpool2d unbatched": unpool(nn.max_unpool2d, (3, 7)),
    "max_unpool3d": unpool(nn.max_unpool3d, (3, 2, 4), (2, 2, 2), (0, 0, 0)),
    # padding and resizing
    "resample": resample(1),
    "resample last": resample(1),
    "resample first": resample(0),
    "resample wide": resample(1),
    "constant_pad_nd": lambda x: torch.constant_pad_nd(x, (1, 2, 3, 0), 0.5),
    "constant_pad_nd negative": lambda x: torch.constant_pad_nd(x, (-1, 2, 2, -2, 1, -1), -1.5),
    "constant_pad_nd one_dimension": lambda x: torch.constant_pad_nd(x, (2, -3), 2),
    "constant_pad_nd nothing": lambda x: torch.constant_pad_nd(x, (0, 0), 1),
    "reflection_pad1d": lambda x: nn.reflection_pad1d(x, (3, 2)),
    "reflection_pad1d long": lambda x: nn.reflection_pad1d(x, (3, 2)),
    "reflection_pad2d": lambda x: nn.reflection_pad2d(x, (1, 3, 2, 0)),
    "reflection_pad2d negative": lambda x: nn.reflection_pad2d(x, (-1, 2, 2, -2)),
    "reflection_pad3d": lambda x: nn.reflection_pad3d(x, (1, 2, 1, 2, 1, 1)),
    "replication_pad1d": lambda x: nn.replication_pad1d(x, (5, 2)),
    "replication_pad2d": lambda x: nn.replication_pad2d(x, (1, 6, 0, 2)),
    "replication_pad3d": lambda x: nn.replication_pad3d(x, (1, 2, 3, -1, 0, 1)),
    "pad constant": lambda x: F.pad(x, (1, 2)),
    "pad reflect": lambda x: F.pad(x, (1, 2), "reflect"),
    "pad replicate": lambda x: F.pad(x, (1, 2, 2, 1), "replicate"),
    "pad circular": lambda x: F.pad(x, (4, 3), "circular"),
    "pad circular_plane": lambda x: F.pad(x, (1, 2, 2, -1), "circular"),
    "pad circular_volume": lambda x: F.pad(x, (1, 2, 1, 0, 2, 2), "circular"),
    "upsample_nearest1d": resize(nn.upsample_nearest1d, (7,)),
    "upsample_nearest2d": resize(nn.upsample_nearest2d, (6, 3)),
    "upsample_nearest2d scales": resize(nn.upsample_nearest2d, (5, 3), 1.7, 0.6),
    "upsample_nearest2d same": resize(nn.upsample_nearest2d, (3, 4)),
    "upsample_nearest3d": resize(nn.upsample_nearest3d, (3, 2, 8)),
    "_upsample_nearest_exact1d": resize(nn._upsample_nearest_exact1d, (7,)),
    "_upsample_nearest_exact2d": resize(nn._upsample_nearest_exact2d, (5, 3)),
    "_upsample_nearest_exact3d": resize(nn._upsample_nearest_exact3d, (3, 2, 7)),
    "upsample_bilinear2d scales": resize(nn.upsample_bilinear2d, (5, 3), False, 1.7, 0.6),
    "upsample_bilinear2d one_pixel": resize(nn.upsample_bilinear2d, (1, 3), True),
    "_upsample_bilinear2d_aa": resize(nn._upsample_bilinear2d_aa, (3, 7), False),
    "_upsample_bilinear2d_aa scales": resize(nn._upsample_bilinear2d_aa, (4, 3), False, 0.45, 0.8),
    "_upsample_bicubic2d_aa": resize(nn._upsample_bicubic2d_aa, (4, 6), False),
    "im2col": lambda x: F.unfold(x, (2, 3)),
    "col2im": lambda x: F.fold(x, (4, 5), (2, 3)),
    "im2col options": lambda x: F.unfold(x, (2, 3), (3, 2), (1, 2), (2, 3)),
    "col2im options": lambda x: F.fold(x, (6, 7), (2, 3), (3, 2), (1, 2), (2, 3)),
    "im2col unbatched": lambda x: F.unfold(x, 2, 1, (1, 0), 2),
    "col2im unbatched": lambda x: F.fold(x, (4, 4), 2, 1, (1, 0), 2),
    "pixel_shuffle": lambda x: F.pixel_shuffle(x, 2),
    "pixel_shuffle lead": lambda x: F.pixel_shuffle(x, 2),
    "pixel_unshuffle": lambda x: F.pixel_unshuffle(x, 2),
    "channel_shuffle": lambda x: F.channel_shuffle(x, 3),
    "grid_sampler one_pixel": lambda x, g: torch.grid_sampler(x, g, 0, 2, True),
    # dropout where it draws nothing
    "dropout_with nothing": lambda x: F.dropout(x, 0),
    "dropout_with everything": lambda x: F.dropout(x, 1),
    "dropout train_nothing": lambda x: F.dropout(x, 0),
    "dropout train_everything": lambda x: F.dropout(x, 1),
    "dropout eval": lambda x: F.dropout(x, 0.4, False),
    "feature_dropout train_everything": lambda x: torch.feature_dropout(x, 1, True),
    "feature_dropout eval": lambda x: torch.feature_dropout(x, 0.4, False),
    "alpha_dropout train_nothing": lambda x: F.alpha_dropout(x, 0, True),
    "alpha_dropout train_everything": lambda x: F.alpha_dropout(x, 1, True),
    "alpha_dropout eval": lambda x: F.alpha_dropout(x, 0.4, False),
    "feature_alpha_dropout train_everything": lambda x: F.feature_alpha_dropout(x, 1, True),
    "feature_alpha_dropout eval": lambda x: F.feature_alpha_dropout(x, 0.4, False),
}
for variant in ("rows", "rows without weights", "short planes", "planes", "planes without weights"):
    ROWS["batch_norm " + variant] = lambda x, w=None, b=None: F.batch_norm(x, None, None, w, b, True, 0.1, EPS)
for variant in ("rows", "short planes", "planes", "evaluation", "evaluation planes"):
    ROWS["batch_norm_relu " + variant] = lambda *x, f=ROWS["batch_norm " + variant]: torch.relu(f(*x))
ROWS["batch_norm_relu rows without a weight"] = lambda x, b: torch.relu(
    F.batch_norm(x, None, None, None, b, True, 0.1, EPS))
for corners in (False, True):
    name = " corners" if corners else ""
    ROWS["upsample_linear1d" + name] = resize(nn.upsample_linear1d, (7,), corners)
    ROWS["upsample_bilinear2d" + name] = resize(nn.upsample_bilinear2d, (6, 3), corners)
    ROWS["upsample_trilinear3d" + name] = resize(nn.upsample_trilinear3d, (3, 2, 8), corners)
    ROWS["upsample_bicubic2d" + name] = resize(nn.upsample_bicubic2d, (7, 3), corners)
    ROWS["affine_grid_generator" + name] = lambda x, c=corners: torch.affine_grid_generator(x, (2, 3, 4, 5), c)
    ROWS["affine_grid_generator volume" + name.replace(" ", "_")] = lambda x, c=corners: (
        torch.affine_grid_generator(x, (2, 3, 2, 1, 3), c))
    for m, mode in enumerate(("linear", "nearest", "cubic")):
        for p, padding in enumerate(("zeros", "border", "reflection")):
            sampler = lambda x, g, m=m, p=p, c=corners: torch.grid_sampler(x, g, m, p, c)
            variant = mode + "_" + padding + name.replace(" ", "_")
            ROWS["grid_sampler " + variant] = sampler
            if mode != "cubic":
                ROWS["grid_sampler volume_" + variant] = sampler
