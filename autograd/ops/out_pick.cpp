// Copied, picked, placed, looked up and unique elements with an `out` argument.
#include "gradus/autograd/ops/out.h"
#include "gradus/autograd/overwrite.h"

namespace gradus {

Tensor& clone_out(Tensor& out, const Tensor& x, std::optional<MemoryFormat> format) {
  return detail::same_type_out("clone", out, {x}, [&] { return clone(x, format); });
}
Tensor& rot90_out(Tensor& out, const Tensor& x, int64_t k, IntArrayRef dims) {
  return detail::same_type_out("rot90", out, {x}, [&] { return rot90(x, k, dims); });
}
Tensor& trace_out(Tensor& out, const Tensor& x) {
  return detail::same_type_out("trace", out, {x}, [&] { return trace(x); });
}
Tensor& slice_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t dim, std::optional<int64_t> start,
                          std::optional<int64_t> end, int64_t step) {
  return detail::same_type_out("slice_scatter", out, {x, src},
                               [&] { return slice_scatter(x, src, dim, start, end, step); });
}
Tensor& select_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t dim, int64_t index) {
  return detail::same_type_out("select_scatter", out, {x, src}, [&] { return select_scatter(x, src, dim, index); });
}
Tensor& diagonal_scatter_out(Tensor& out, const Tensor& x, const Tensor& src, int64_t offset, int64_t dim1,
                             int64_t dim2) {
  return detail::same_type_out("diagonal_scatter", out, {x, src},
                               [&] { return diagonal_scatter(x, src, offset, dim1, dim2); });
}
Tensor& block_diag_out(Tensor& out, TensorList xs) {
  return detail::same_type_out("block_diag", out, xs, [&] { return block_diag(xs); });
}
Tensor& repeat_interleave_out(Tensor& out, const Tensor& repeats, std::optional<int64_t> output_size) {
  return detail::same_type_out("repeat_interleave", out, {repeats},
                               [&] { return repeat_interleave(repeats, output_size); });
}
Tensor& index_out(Tensor& out, const Tensor& x, ArrayRef<std::optional<Tensor>> indices) {
  return detail::same_type_out("index", out, {x}, [&] { return index(x, indices); });
}
Tensor& index_put_out(Tensor& out, const Tensor& x, ArrayRef<std::optional<Tensor>> indices, const Tensor& v,
                      bool accumulate) {
  return detail::same_type_out("index_put", out, {x, v}, [&] { return index_put(x, indices, v, accumulate); });
}
Tensor& index_fill_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  return detail::same_type_out("index_fill", out, {x, index}, [&] { return index_fill(x, dim, index, value); });
}
Tensor& index_fill_out(Tensor& out, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& value) {
  return detail::same_type_out("index_fill", out, {x, index, value}, [&] { return index_fill(x, dim, index, value); });
}
Tensor& put_out(Tensor& out, const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate) {
  return detail::same_type_out("put", out, {x, index, source}, [&] { return put(x, index, source, accumulate); });
}
Tensor& masked_scatter_out(Tensor& out, const Tensor& x, const Tensor& mask, const Tensor& source) {
  return detail::same_type_out("masked_scatter", out, {x, mask, source},
                               [&] { return masked_scatter(x, mask, source); });
}
Tensor& embedding_out(Tensor& out, const Tensor& weight, const Tensor& indices, int64_t padding_idx,
                      bool scale_grad_by_freq, bool sparse) {
  return detail::same_type_out("embedding", out, {weight, indices},
                               [&] { return embedding(weight, indices, padding_idx, scale_grad_by_freq, sparse); });
}
Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Tensor& x, bool out_int32, bool right,
                         std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  return detail::same_type_out("searchsorted", out, {sorted_sequence, x, sorter.value_or(Tensor())},
                               [&] { return searchsorted(sorted_sequence, x, out_int32, right, side, sorter); });
}
Tensor& searchsorted_out(Tensor& out, const Tensor& sorted_sequence, const Scalar& x, bool out_int32, bool right,
                         std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  return detail::same_type_out("searchsorted", out, {sorted_sequence, sorter.value_or(Tensor())},
                               [&] { return searchsorted(sorted_sequence, x, out_int32, right, side, sorter); });
}
std::tuple<Tensor&, Tensor&> _unique_out(Tensor& values, Tensor& inverse, const Tensor& x, bool sorted,
                                         bool return_inverse) {
  return detail::several_out("_unique", std::tie(values, inverse), {x},
                             [&] { return _unique(x, sorted, return_inverse); });
}
std::tuple<Tensor&, Tensor&, Tensor&> _unique2_out(Tensor& values, Tensor& inverse, Tensor& counts, const Tensor& x,
                                                   bool sorted, bool return_inverse, bool return_counts) {
  return detail::several_out("_unique2", std::tie(values, inverse, counts), {x},
                             [&] { return _unique2(x, sorted, return_inverse, return_counts); });
}
std::tuple<Tensor&, Tensor&, Tensor&> unique_dim_out(Tensor& values, Tensor& inverse, Tensor& counts, const Tensor& x,
                                                     int64_t dim, bool sorted, bool return_inverse,
                                                     bool return_counts) {
  return detail::several_out("unique_dim", std::tie(values, inverse, counts), {x},
                             [&] { return unique_dim(x, dim, sorted, return_inverse, return_counts); });
}
std::tuple<Tensor&, Tensor&, Tensor&> unique_consecutive_out(Tensor& values, Tensor& inverse, Tensor& counts,
                                                             const Tensor& x, bool return_inverse, bool return_counts,
                                                             std::optional<int64_t> dim) {
  return detail::several_out("unique_consecutive", std::tie(values, inverse, counts), {x},
                             [&] { return unique_consecutive(x, return_inverse, return_counts, dim); });
}
std::tuple<Tensor&, Tensor&, Tensor&> unique_dim_consecutive_out(Tensor& values, Tensor& inverse, Tensor& counts,
                                                                 const Tensor& x, int64_t dim, bool return_inverse,
                                                                 bool return_counts) {
  return detail::several_out("unique_dim_consecutive", std::tie(values, inverse, counts), {x},
                             [&] { return unique_dim_consecutive(x, dim, return_inverse, return_counts); });
}

}  // namespace gradus
