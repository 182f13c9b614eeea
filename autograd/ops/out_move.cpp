// Moved and picked elements, activations and losses with an `out` argument.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"

namespace gradus {

Tensor& diff_out(Tensor& out, const Tensor& x, int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
                 const std::optional<Tensor>& append) {
  return detail::write_out("diff", out, {x, prepend.value_or(Tensor()), append.value_or(Tensor())},
                           [&] { return diff(x, n, dim, prepend, append); });
}
Tensor& argsort_out(Tensor& out, const Tensor& x, int64_t dim, bool descending) {
  return detail::same_type_out("argsort", out, {x}, [&] { return argsort(x, dim, descending); });
}
Tensor& msort_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("msort", out, {x}, [&] { return msort(x); });
}
Tensor& diag_out(Tensor& out, const Tensor& x, int64_t diagonal) {
  return detail::same_type_out("diag", out, {x}, [&] { return diag(x, diagonal); });
}
Tensor& diag_embed_out(Tensor& out, const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  return detail::same_type_out("diag_embed", out, {x}, [&] { return diag_embed(x, offset, dim1, dim2); });
}
Tensor& flip_out(Tensor& out, const Tensor& x, IntArrayRef dims) {
  return detail::same_type_out("flip", out, {x}, [&] { return flip(x, dims); });
}
Tensor& roll_out(Tensor& out, const Tensor& x, IntArrayRef shifts, IntArrayRef dims) {
  return detail::same_type_out("roll", out, {x}, [&] { return roll(x, shifts, dims); });
}
Tensor& repeat_out(Tensor& out, const Tensor& x, IntArrayRef repeats) {
  return detail::same_type_out("repeat", out, {x}, [&] { return repeat(x, repeats); });
}
Tensor& narrow_copy_out(Tensor& out, const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  return detail::same_type_out("narrow_copy", out, {x}, [&] { return narrow_copy(x, dim, start, length); });
}
Tensor& take_out(Tensor& out, const Tensor& x, const Tensor& index) {
  return detail::same_type_out("take", out, {x, index}, [&] { return take(x, index); });
}
Tensor& take_along_dim_out(Tensor& out, const Tensor& x, const Tensor& indices, std::optional<int64_t> dim) {
  return detail::same_type_out("take_along_dim", out, {x, indices}, [&] { return take_along_dim(x, indices, dim); });
}
Tensor& index_add_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
                      const Scalar& alpha) {
  return detail::same_type_out("index_add", out, {x, index, source},
                               [&] { return index_add(x, dim, index, source, alpha); });
}
Tensor& index_copy_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  return detail::same_type_out("index_copy", out, {x, index, source},
                               [&] { return index_copy(x, dim, index, source); });
}
Tensor& index_reduce_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
                         std::string_view reduce, bool include_self) {
  return detail::same_type_out("index_reduce", out, {x, index, source},
                               [&] { return index_reduce(x, dim, index, source, reduce, include_self); });
}
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  return detail::same_type_out("scatter", out, {x, index, src}, [&] { return scatter(x, dim, index, src); });
}
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  return detail::same_type_out("scatter", out, {x, index}, [&] { return scatter(x, dim, index, value); });
}
Tensor& scatter_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                    std::string_view reduce) {
  return detail::same_type_out("scatter", out, {x, index, src}, [&] { return scatter(x, dim, index, src, reduce); });
}
Tensor& scatter_add_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src) {
  return detail::same_type_out("scatter_add", out, {x, index, src}, [&] { return scatter_add(x, dim, index, src); });
}
Tensor& scatter_reduce_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                           std::string_view reduce, bool include_self) {
  return detail::same_type_out("scatter_reduce", out, {x, index, src},
                               [&] { return scatter_reduce(x, dim, index, src, reduce, include_self); });
}
Tensor& masked_fill_out(Tensor& out, const Tensor& x, const Tensor& mask, const Scalar& value) {
  return detail::same_type_out("masked_fill", out, {x, mask}, [&] { return masked_fill(x, mask, value); });
}
Tensor& column_stack_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("column_stack", out, xs, [&] { return column_stack(xs); });
}
Tensor& hstack_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("hstack", out, xs, [&] { return hstack(xs); });
}
Tensor& vstack_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("vstack", out, xs, [&] { return vstack(xs); });
}
Tensor& dstack_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("dstack", out, xs, [&] { return dstack(xs); });
}
Tensor& row_stack_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("row_stack", out, xs, [&] { return row_stack(xs); });
}
Tensor& concat_out(Tensor& out, TensorList xs, int64_t dim) {
  return detail::same_type_out("concat", out, xs, [&] { return concat(xs, dim); });
}
Tensor& concatenate_out(Tensor& out, TensorList xs, int64_t dim) {
  return detail::same_type_out("concatenate", out, xs, [&] { return concatenate(xs, dim); });
}
Tensor& isin_out(Tensor& out, const Tensor& elements, const Tensor& test_elements, bool assume_unique, bool invert) {
  return detail::same_type_out("isin", out, {elements, test_elements},
                               [&] { return isin(elements, test_elements, assume_unique, invert); });
}
Tensor& bucketize_out(Tensor& out, const Tensor& x, const Tensor& boundaries, bool out_int32, bool right) {
  return detail::same_type_out("bucketize", out, {x, boundaries},
                               [&] { return bucketize(x, boundaries, out_int32, right); });
}
Tensor& constant_pad_nd_out(Tensor& out, const Tensor& x, IntArrayRef padding, const Scalar& value) {
  return detail::same_type_out("constant_pad_nd", out, {x}, [&] { return constant_pad_nd(x, padding, value); });
}
Tensor& reflection_pad1d_out(Tensor& out, const Tensor& x, IntArrayRef padding) {
  return detail::same_type_out("reflection_pad1d", out, {x}, [&] { return reflection_pad1d(x, padding); });
}
Tensor& poisson_out(Tensor& out, const Tensor& x, std::optional<Generator> g) {
  return detail::same_type_out("poisson", out, {x}, [&] { return poisson(x, g); });
}
Tensor& elu_out(Tensor& out, const Tensor& x, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return detail::write_out("elu", out, {x}, [&] { return elu(x, alpha, scale, input_scale); });
}
Tensor& gelu_out(Tensor& out, const Tensor& x, const std::string& approximate) {
  return detail::write_out("gelu", out, {x}, [&] { return gelu(x, approximate); });
}
Tensor& glu_out(Tensor& out, const Tensor& x, int64_t dim) {
  return detail::write_out("glu", out, {x}, [&] { return glu(x, dim); });
}
Tensor& silu_out(Tensor& out, const Tensor& x) {
  return detail::write_out("silu", out, {x}, [&] { return silu(x); });
}
Tensor& mish_out(Tensor& out, const Tensor& x) {
  return detail::write_out("mish", out, {x}, [&] { return mish(x); });
}
Tensor& softplus_out(Tensor& out, const Tensor& x, const Scalar& beta, const Scalar& threshold) {
  return detail::write_out("softplus", out, {x}, [&] { return softplus(x, beta, threshold); });
}
Tensor& softshrink_out(Tensor& out, const Tensor& x, const Scalar& lambd) {
  return detail::write_out("softshrink", out, {x}, [&] { return softshrink(x, lambd); });
}
Tensor& hardshrink_out(Tensor& out, const Tensor& x, const Scalar& lambd) {
  return detail::write_out("hardshrink", out, {x}, [&] { return hardshrink(x, lambd); });
}
Tensor& hardsigmoid_out(Tensor& out, const Tensor& x) {
  return detail::write_out("hardsigmoid", out, {x}, [&] { return hardsigmoid(x); });
}
Tensor& hardswish_out(Tensor& out, const Tensor& x) {
  return detail::write_out("hardswish", out, {x}, [&] { return hardswish(x); });
}
Tensor& hardtanh_out(Tensor& out, const Tensor& x, const Scalar& min_val, const Scalar& max_val) {
  return detail::write_out("hardtanh", out, {x}, [&] { return hardtanh(x, min_val, max_val); });
}
Tensor& leaky_relu_out(Tensor& out, const Tensor& x, const Scalar& negative_slope) {
  return detail::write_out("leaky_relu", out, {x}, [&] { return leaky_relu(x, negative_slope); });
}
Tensor& log_sigmoid_out(Tensor& out, const Tensor& x) {
  return detail::write_out("log_sigmoid", out, {x}, [&] { return log_sigmoid(x); });
}
Tensor& threshold_out(Tensor& out, const Tensor& x, const Scalar& threshold, const Scalar& value) {
  return detail::write_out("threshold", out, {x}, [&] { return gradus::threshold(x, threshold, value); });
}
Tensor& softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("softmax", out, {x}, [&] { return softmax(x, dim, dtype); });
}
Tensor& log_softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("log_softmax", out, {x}, [&] { return log_softmax(x, dim, dtype); });
}
Tensor& special_softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("special_softmax", out, {x}, [&] { return special_softmax(x, dim, dtype); });
}
Tensor& special_log_softmax_out(Tensor& out, const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return detail::write_out("special_log_softmax", out, {x}, [&] { return special_log_softmax(x, dim, dtype); });
}
Tensor& mse_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction) {
  return detail::write_out("mse_loss", out, {x, target}, [&] { return mse_loss(x, target, reduction); });
}
Tensor& smooth_l1_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction, double beta) {
  return detail::write_out("smooth_l1_loss", out, {x, target},
                           [&] { return smooth_l1_loss(x, target, reduction, beta); });
}
Tensor& huber_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction, double delta) {
  return detail::write_out("huber_loss", out, {x, target}, [&] { return huber_loss(x, target, reduction, delta); });
}
Tensor& soft_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction) {
  return detail::write_out("soft_margin_loss", out, {x, target},
                           [&] { return soft_margin_loss(x, target, reduction); });
}
Tensor& binary_cross_entropy_out(Tensor& out, const Tensor& x, const Tensor& target,
                                 const std::optional<Tensor>& weight, int64_t reduction) {
  return detail::write_out("binary_cross_entropy", out, {x, target, weight.value_or(Tensor())},
                           [&] { return binary_cross_entropy(x, target, weight, reduction); });
}
Tensor& nll_loss_out(Tensor& out, const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                     int64_t reduction, int64_t ignore_index) {
  return detail::write_out("nll_loss", out, {x, target, weight.value_or(Tensor())},
                           [&] { return nll_loss(x, target, weight, reduction, ignore_index); });
}
Tensor& relu_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("relu", out, {x}, [&] { return relu(x); });
}
Tensor& celu_out(Tensor& out, const Tensor& x, const Scalar& alpha) {
  return detail::same_type_out("celu", out, {x}, [&] { return celu(x, alpha); });
}
Tensor& binary_cross_entropy_with_logits_out(Tensor& out, const Tensor& x, const Tensor& target,
                                             const std::optional<Tensor>& weight,
                                             const std::optional<Tensor>& pos_weight, int64_t reduction) {
  return detail::same_type_out(
      "binary_cross_entropy_with_logits", out, {x, target, weight.value_or(Tensor()), pos_weight.value_or(Tensor())},
      [&] { return binary_cross_entropy_with_logits(x, target, weight, pos_weight, reduction); });
}
Tensor& multi_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target, const Scalar& p, const Scalar& margin,
                              const std::optional<Tensor>& weight, int64_t reduction) {
  return detail::same_type_out("multi_margin_loss", out, {x, target, weight.value_or(Tensor())},
                               [&] { return multi_margin_loss(x, target, p, margin, weight, reduction); });
}
Tensor& multilabel_margin_loss_out(Tensor& out, const Tensor& x, const Tensor& target, int64_t reduction) {
  return detail::same_type_out("multilabel_margin_loss", out, {x, target},
                               [&] { return multilabel_margin_loss(x, target, reduction); });
}
Tensor& nll_loss2d_out(Tensor& out, const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                       int64_t reduction, int64_t ignore_index) {
  return detail::same_type_out("nll_loss2d", out, {x, target, weight.value_or(Tensor())},
                               [&] { return nll_loss2d(x, target, weight, reduction, ignore_index); });
}

}  // namespace gradus
