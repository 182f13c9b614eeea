// Convolutions, pooling, resizing, and normalization.
#include "rows.h"

using namespace gradus;

namespace programs {
namespace {

// [N, C, ...] with `spatial` sizes of at least 3, one that exists, one reshaped, or a leaf.
int picture(Builder& b, size_t spatial, int64_t channels = 0) {
  const int v = b.pick([&](const Tensor& t) {
    if (t.sizes().size() != spatial + 2 || t.numel() == 0 || (channels && t.size(1) % channels)) return false;
    for (size_t k = 2; k < spatial + 2; ++k)
      if (t.sizes()[k] < 3) return false;
    return true;
  });
  if (v >= 0 && b.coin(0.8)) return b.within(v, -3, 3);
  Ints s = {b.range(1, 2), channels ? channels * b.range(1, 2) : b.range(1, 3)};
  for (size_t k = 0; k < spatial; ++k) s.push_back(b.range(3, spatial == 3 ? 4 : 6));
  return b.shaped(s);
}

Make convolved(size_t spatial, bool transposed) {
  return [=](Builder& b) {
    const int64_t groups = b.coin(0.3) ? 2 : 1;
    const int v = picture(b, spatial, groups);
    if (v < 0) return false;
    const int64_t in = b.at(v).size(1), out = groups * b.range(1, 2);
    Ints w = transposed ? Ints{in, out / groups} : Ints{out, in / groups};
    for (size_t k = 0; k < spatial; ++k) w.push_back(b.range(1, 3));
    const int weight = b.shaped(w, -1, 1), bias = b.shaped({out});
    return b.step({v, weight, bias}, {groups}, {},
                  {Ints(spatial, b.range(1, 2)), Ints(spatial, b.range(0, 1)), Ints(spatial, 1)});
  };
}

Make pooled(size_t spatial) {
  return [=](Builder& b) {
    const int v = picture(b, spatial);
    return v >= 0 && b.step({v}, {b.range(0, 1)}, {},
                            {Ints(spatial, b.range(2, 3)), Ints(spatial, b.range(1, 2)), Ints(spatial, b.range(0, 1))});
  };
}

Make resized(size_t spatial) {
  return [=](Builder& b) {
    const int v = picture(b, spatial);
    Ints to(spatial);
    for (int64_t& n : to) n = b.range(1, 5);
    return v >= 0 && b.step({v}, {b.range(0, 1)}, {}, {to});
  };
}

// [N, C, ...] of which every channel has several elements that differ.
bool spread(Builder& b, int v, const Ints& dims) {
  NoGradGuard off;
  int64_t n = 1;
  for (int64_t d : dims) n *= b.at(v).size(d);
  return n > 1 && var(b.at(v), dims, true).min().item<double>() > 0.01;
}

bool make_batch_norm(Builder& b, bool training) {
  const int v = b.within(b.filled(2), -10, 10);
  if (v < 0 || b.at(v).dim() > 5) return false;
  Ints dims = {0};
  for (int64_t d = 2; d < b.at(v).dim(); ++d) dims.push_back(d);
  if (training && !spread(b, v, dims)) return false;
  const Ints c = {b.at(v).size(1)};
  const int w = b.shaped(c), bias = b.shaped(c);
  if (training) return b.step({v, w, bias});
  return b.step({v, w, bias, b.leaf(c, -1, 1, false), b.leaf(c, 0.5, 2, false)});
}

bool make_layer_norm(Builder& b, bool mean) {
  const int v = b.within(b.filled(1), -10, 10);
  if (v < 0) return false;
  const int64_t dims = b.at(v).dim(), last = b.range(1, std::min<int64_t>(2, dims));
  Ints s, over;
  for (int64_t d = dims - last; d < dims; ++d) s.push_back(b.at(v).size(d)), over.push_back(d);
  if (mean && !spread(b, v, over)) return false;
  const int w = b.shaped(s);
  return mean ? b.step({v, w, b.shaped(s)}, {}, {}, {s}) : b.step({v, w}, {}, {}, {s});
}

bool make_group_norm(Builder& b) {
  const int v = picture(b, 1);
  if (v < 0 || !spread(b, v, {2})) return false;
  const int64_t c = b.at(v).size(1);
  const int w = b.shaped({c});
  return b.step({v, w, b.shaped({c})}, {c % 2 == 0 && b.coin() ? 2 : c});
}

bool make_instance_norm(Builder& b) {
  const int v = picture(b, 2);
  return v >= 0 && spread(b, v, {2, 3}) && b.step({v});
}

}  // namespace

std::vector<Operation> layer_rows() {
  const char* u = "layer";
  return {
      {u, "conv1d", EXPR(conv1d(X(0), X(1), X(2), L(0), L(1), L(2), I(0))), convolved(1, false)},
      {u, "conv2d", EXPR(conv2d(X(0), X(1), X(2), L(0), L(1), L(2), I(0))), convolved(2, false)},
      {u, "conv3d", EXPR(conv3d(X(0), X(1), X(2), L(0), L(1), L(2), I(0))), convolved(3, false)},
      {u, "conv_transpose1d", EXPR(conv_transpose1d(X(0), X(1), X(2), L(0), L(1), 0, I(0))), convolved(1, true)},
      {u, "conv_transpose2d", EXPR(conv_transpose2d(X(0), X(1), X(2), L(0), L(1), 0, I(0))), convolved(2, true)},
      {u, "max_pool1d", EXPR(max_pool1d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(1)},
      {u, "max_pool2d", EXPR(max_pool2d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(2)},
      {u, "max_pool3d", EXPR(max_pool3d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(3)},
      {u, "relu_max_pool1d", EXPR(relu_max_pool1d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(1),
       "torch.max_pool1d(torch.relu(X(0)), L(0), L(1), L(2), 1, F(0))"},
      {u, "relu_max_pool2d", EXPR(relu_max_pool2d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(2),
       "torch.max_pool2d(torch.relu(X(0)), L(0), L(1), L(2), 1, F(0))"},
      {u, "relu_max_pool3d", EXPR(relu_max_pool3d(X(0), L(0), L(1), L(2), 1, F(0))), pooled(3),
       "torch.max_pool3d(torch.relu(X(0)), L(0), L(1), L(2), 1, F(0))"},
      {u, "avg_pool1d", EXPR(avg_pool1d(X(0), L(0), L(1), L(2), false, F(0))), pooled(1)},
      {u, "avg_pool2d", EXPR(avg_pool2d(X(0), L(0), L(1), L(2), F(0))), pooled(2),
       "nnf.avg_pool2d(X(0), L(0), L(1), L(2), F(0))"},
      {u, "avg_pool3d", EXPR(avg_pool3d(X(0), L(0), L(1), L(2), F(0))), pooled(3),
       "nnf.avg_pool3d(X(0), L(0), L(1), L(2), F(0))"},
      {u, "adaptive_avg_pool2d", EXPR(adaptive_avg_pool2d(X(0), L(0))), resized(2),
       "nnf.adaptive_avg_pool2d(X(0), L(0))"},
      {u, "adaptive_max_pool2d", EXPR(std::get<0>(adaptive_max_pool2d(X(0), L(0)))), resized(2),
       "nnf.adaptive_max_pool2d(X(0), L(0))"},
      {u, "upsample_nearest2d", EXPR(upsample_nearest2d(X(0), L(0))), resized(2),
       "nnf.interpolate(X(0), size=L(0), mode='nearest')"},
      {u, "upsample_linear1d", EXPR(upsample_linear1d(X(0), L(0), F(0))), resized(1),
       "nnf.interpolate(X(0), size=L(0), mode='linear', align_corners=F(0))"},
      {u, "upsample_bilinear2d", EXPR(upsample_bilinear2d(X(0), L(0), F(0))), resized(2),
       "nnf.interpolate(X(0), size=L(0), mode='bilinear', align_corners=F(0))"},
      {u, "upsample_bicubic2d", EXPR(upsample_bicubic2d(X(0), L(0), F(0))), resized(2),
       "nnf.interpolate(X(0), size=L(0), mode='bicubic', align_corners=F(0))"},
      {u, "im2col", EXPR(im2col(X(0), L(0), 1, L(2), L(1))), pooled(2),
       "nnf.unfold(X(0), L(0), padding=L(2), stride=L(1))"},
      {u, "reflection_pad2d", EXPR(reflection_pad2d(X(0), {1, 2, 0, 1})),
       [](Builder& b) {
         const int v = picture(b, 2);
         return v >= 0 && b.step({v});
       },
       "nnf.pad(X(0), [1, 2, 0, 1], 'reflect')"},
      {u, "pixel_shuffle", EXPR(pixel_shuffle(X(0), 2)),
       [](Builder& b) {
         const int v = picture(b, 2, 4);
         return v >= 0 && b.step({v});
       }},
      {u, "grid_sampler", EXPR(grid_sampler(X(0), X(1), 0, I(0), F(1))),
       [](Builder& b) {
         const int v = picture(b, 2);
         return v >= 0 && b.step({v, b.shaped({b.at(v).size(0), 2, 3, 2}, -1.2, 1.2)}, {b.range(0, 2), b.range(0, 1)});
       }},
      {u, "batch_norm", EXPR(batch_norm(X(0), X(1), X(2), {}, {}, true, 0.1, 1e-5)),
       [](Builder& b) { return make_batch_norm(b, true); },
       "nnf.batch_norm(X(0), None, None, X(1), X(2), True, 0.1, 1e-5)"},
      {u, "batch_norm_eval", EXPR(batch_norm(X(0), X(1), X(2), X(3), X(4), false, 0.1, 1e-5)),
       [](Builder& b) { return make_batch_norm(b, false); },
       "nnf.batch_norm(X(0), X(3), X(4), X(1), X(2), False, 0.1, 1e-5)"},
      {u, "batch_norm_relu", EXPR(batch_norm_relu(X(0), X(1), X(2), {}, {}, true, 0.1, 1e-5)),
       [](Builder& b) { return make_batch_norm(b, true); },
       "torch.relu(nnf.batch_norm(X(0), None, None, X(1), X(2), True, 0.1, 1e-5))"},
      {u, "batch_norm_relu_eval", EXPR(batch_norm_relu(X(0), X(1), X(2), X(3), X(4), false, 0.1, 1e-5)),
       [](Builder& b) { return make_batch_norm(b, false); },
       "torch.relu(nnf.batch_norm(X(0), X(3), X(4), X(1), X(2), False, 0.1, 1e-5))"},
      {u, "layer_norm", EXPR(layer_norm(X(0), L(0), X(1), X(2))), [](Builder& b) { return make_layer_norm(b, true); },
       "nnf.layer_norm(X(0), L(0), X(1), X(2))"},
      {u, "rms_norm", EXPR(rms_norm(X(0), L(0), X(1), 1e-3)), [](Builder& b) { return make_layer_norm(b, false); },
       "nnf.rms_norm(X(0), L(0), X(1), 1e-3)"},
      {u, "group_norm", EXPR(group_norm(X(0), I(0), X(1), X(2))), make_group_norm,
       "nnf.group_norm(X(0), I(0), X(1), X(2))"},
      {u, "instance_norm", EXPR(instance_norm(X(0), {}, {}, {}, {}, true, 0.1, 1e-5)), make_instance_norm,
       "nnf.instance_norm(X(0))"},
      {u, "prelu", EXPR(prelu(X(0), X(1))),
       [](Builder& b) {
         const int v = b.filled(2);
         return b.step({v, b.shaped({b.coin() ? b.at(v).size(1) : 1}, 0.1, 0.9)});
       }},
  };
}

std::vector<Operation> loss_rows() {
  const char* u = "loss";
  // x and a target of the same shape, the reduction.
  const auto pair = [](double lo, double hi, double lo2, double hi2) -> Make {
    return [=](Builder& b) {
      const int v = b.within(b.filled(), lo, hi);
      return v >= 0 && b.step({v, b.shaped(b.shape(v), lo2, hi2)}, {b.range(0, 2)});
    };
  };
  const auto classes = [](Builder& b) {
    const int v =
        b.within(b.pick([](const Tensor& t) { return t.numel() > 0 && (t.dim() == 2 || t.dim() == 3); }), -8, 8);
    if (v < 0) return false;
    Ints s = b.shape(v);
    const int64_t c = s[1];
    s.erase(s.begin() + 1);
    return b.step({v}, {b.range(0, 2)}, {b.coin() ? 0 : b.real(0.05, 0.3)}, {b.indices(count_elements(s), c), s});
  };
  return {
      {u, "mse_loss", EXPR(mse_loss(X(0), X(1), I(0))), pair(-3, 3, -3, 3),
       "nnf.mse_loss(X(0), X(1), reduction=RED(0))"},
      {u, "l1_loss", EXPR(l1_loss(X(0), X(1), I(0))), pair(-3, 3, -3, 3), "nnf.l1_loss(X(0), X(1), reduction=RED(0))"},
      {u, "smooth_l1_loss", EXPR(smooth_l1_loss(X(0), X(1), I(0), 0.7)), pair(-3, 3, -3, 3),
       "nnf.smooth_l1_loss(X(0), X(1), reduction=RED(0), beta=0.7)"},
      {u, "huber_loss", EXPR(huber_loss(X(0), X(1), I(0), 0.7)), pair(-3, 3, -3, 3),
       "nnf.huber_loss(X(0), X(1), reduction=RED(0), delta=0.7)"},
      {u, "binary_cross_entropy", EXPR(binary_cross_entropy(X(0), X(1), {}, I(0))), pair(0.05, 0.95, 0.05, 0.95),
       "nnf.binary_cross_entropy(X(0), X(1), reduction=RED(0))"},
      {u, "bce_with_logits", EXPR(binary_cross_entropy_with_logits(X(0), X(1), {}, {}, I(0))), pair(-6, 6, 0.05, 0.95),
       "nnf.binary_cross_entropy_with_logits(X(0), X(1), reduction=RED(0))"},
      {u, "kl_div", EXPR(kl_div(X(0), X(1), I(0))), pair(-3, 3, 0.1, 2), "nnf.kl_div(X(0), X(1), reduction=RED(0))"},
      {u, "soft_margin_loss", EXPR(soft_margin_loss(X(0), sign(X(1)), I(0))), pair(-3, 3, 0.1, 2),
       "nnf.soft_margin_loss(X(0), torch.sign(X(1)).detach(), reduction=RED(0))"},
      {u, "poisson_nll_loss", EXPR(poisson_nll_loss(X(0), X(1), true, false, 1e-8, I(0))), pair(-3, 2, 0.1, 2),
       "nnf.poisson_nll_loss(X(0), X(1), True, False, eps=1e-8, reduction=RED(0))"},
      {u, "nll_loss", EXPR(nll_loss_nd(X(0), IX(0, 1), {}, I(0))), classes,
       "nnf.nll_loss(X(0), IX(0, 1), reduction=RED(0))"},
      {u, "cross_entropy", EXPR(cross_entropy_loss(X(0), IX(0, 1), {}, I(0), -100, R(0))), classes,
       "nnf.cross_entropy(X(0), IX(0, 1), reduction=RED(0), label_smoothing=R(0))"},
  };
}

}  // namespace programs
