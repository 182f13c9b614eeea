#include "gradus/tensor/kernels/reduce.h"

#include <cstring>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/fill.h"
#include "gradus/tensor/kernels/reduce_loops.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

ReduceLoops loops_for(Reduction r, ScalarType t) {
  check(is_floating(t) || t == kLong, "reduce: computes in float, double or int64, got ", t);
  return r <= Reduction::sum_squares ? sum_loops(r, t) : extreme_loops(r, t);
}

Scalar identity(Reduction r, ScalarType t) {
  if (r == Reduction::prod) return t == kLong ? Scalar(1) : Scalar(1.0);
  return t == kLong ? Scalar(0) : Scalar(0.0);
}

// What joins the results of a reduction's parts.
Reduction joining(Reduction r) { return r <= Reduction::sum_squares ? Reduction::sum : r; }

// The loop left to do: operand 0 is the input, 1 the output, whose stride is 0 along reduced dimensions.
struct Work {
  LoopDims dims;
  const char* in;
  bool reduced(size_t d) const { return dims.strides[1][d] == 0 && dims.sizes[d] != 1; }
};

// One step: `r` elements, `r_step` apart, become ceil(r / chunk); along with them `b` columns, or rows if b is 1.
struct Step {
  Sizes outer, outer_in, outer_out;
  int64_t r = 1, r_step = 0, chunk = 1, chunks = 1, chunk_out = 0;
  int64_t b = 1, b_out = 0;

  // Offsets of the i-th outer element, in elements.
  std::pair<int64_t, int64_t> at(int64_t i) const {
    int64_t in = 0, out = 0;
    for (size_t d = outer.size(); d-- > 0;) {
      in += i % outer[d] * outer_in[d];
      out += i % outer[d] * outer_out[d];
      i /= outer[d];
    }
    return {in, out};
  }
};

void run_rows(RowsFn fn, const Step& s, const char* in, char* out, int64_t bytes) {
  // Along the innermost outer dimension many rows are one call, unless each is cut into chunks.
  const int64_t inner = s.chunks == 1 && !s.outer.empty() ? s.outer.back() : 1;
  const int64_t in_step = inner > 1 ? s.outer_in.back() : 0, out_step = inner > 1 ? s.outer_out.back() : 0;
  const int64_t tasks = count_elements(s.outer) * s.chunks;
  parallel_for(tasks, std::max<int64_t>(1, row_chunk / std::min(s.r, s.chunk)), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end;) {
      const int64_t c = i % s.chunks, rows = std::min(end - i, inner - i % inner);
      const auto [from, to] = s.at(i / s.chunks);
      fn(in + (from + c * s.chunk) * bytes, out + (to + c * s.chunk_out) * bytes, rows,
         std::min(s.chunk, s.r - c * s.chunk), in_step, out_step);
      i += rows;
    }
  });
}

void run_columns(ColumnsFn fn, const Step& s, const char* in, char* out, int64_t bytes) {
  const int64_t tiles = (s.b + column_tile - 1) / column_tile;
  const int64_t tasks = count_elements(s.outer) * s.chunks * tiles;
  const int64_t work = std::min(s.r, s.chunk) * std::min(s.b, column_tile);
  parallel_for(tasks, std::max<int64_t>(1, row_chunk / work), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t j = i % tiles * column_tile, c = i / tiles % s.chunks;
      const auto [from, to] = s.at(i / tiles / s.chunks);
      fn(in + (from + c * s.chunk * s.r_step + j) * bytes, out + (to + c * s.chunk_out + j * s.b_out) * bytes,
         std::min(s.chunk, s.r - c * s.chunk), std::min(column_tile, s.b - j), s.r_step, s.b_out);
    }
  });
}

// Which dimension the next step reduces: the innermost reduced one; if none is left, a dimension of one element.
Step next_step(const Work& w, size_t& k) {
  const size_t rank = w.dims.sizes.size(), last = rank - 1;
  for (k = rank; k > 0 && !w.reduced(k - 1);) --k;
  const bool none = k == 0;
  if (!none) --k;
  Step s;
  if (!none) s.r = w.dims.sizes[k], s.r_step = w.dims.strides[0][k];
  const bool by_rows = !none && k == last;
  if (!by_rows) s.b = w.dims.sizes[last], s.b_out = w.dims.strides[1][last];
  // Long reductions are cut so that threads share them, and so that float sums cascade.
  s.chunk = by_rows ? row_chunk : std::max(cascade_rows, row_chunk / std::min(s.b, column_tile));
  if (s.r * std::min(s.b, column_tile) <= 2 * row_chunk) s.chunk = s.r;
  s.chunks = (s.r + s.chunk - 1) / s.chunk;
  for (size_t d = 0; d < rank; ++d) {
    if ((!none && d == k) || (!by_rows && d == last)) continue;
    s.outer.push_back(w.dims.sizes[d]);
    s.outer_in.push_back(w.dims.strides[0][d]);
    s.outer_out.push_back(w.dims.strides[1][d]);
  }
  if (none) k = rank;
  return s;
}

// Sends a step's results to a fresh block instead of the output; what is left to do starts from there.
Work redirect(Step& s, const Work& w, size_t k, Tensor& block, ScalarType dtype) {
  Sizes sizes = w.dims.sizes, strides[2];
  sizes[k] = s.chunks;
  strides[0] = contiguous_strides(sizes);
  strides[1] = w.dims.strides[1];
  size_t o = 0;
  const bool by_rows = k + 1 == sizes.size();
  for (size_t d = 0; d < sizes.size(); ++d)
    if (d != k && (by_rows || d + 1 != sizes.size())) s.outer_out[o++] = strides[0][d];
  s.chunk_out = strides[0][k];
  if (!by_rows) s.b_out = 1;
  block = empty({count_elements(sizes)}, dtype);
  return {merge_dims(sizes, strides, 2), static_cast<const char*>(block.data_ptr())};
}

bool finished(const Work& w, size_t k, const Step& s) {
  if (s.chunks > 1) return false;
  for (size_t d = 0; d < w.dims.sizes.size(); ++d)
    if (d != k && w.reduced(d)) return false;
  return true;
}

void reduce_dims(Reduction r, const TensorImpl& out, const TensorImpl& x, IntArrayRef kept) {
  const auto bytes = static_cast<int64_t>(element_size(out.dtype));
  Sizes strides[2] = {x.strides, contiguous_strides(kept)};
  for (size_t d = 0; d < kept.size(); ++d)
    if (kept[d] == 1) strides[1][d] = 0;
  Work w{merge_dims(x.sizes, strides, 2), x.data()};
  Tensor block;
  // Another type, or no dimension of consecutive elements: a plain copy first.
  if (x.dtype != out.dtype || (w.dims.strides[0].back() != 1 && x.numel > 1)) {
    block = empty(x.sizes, out.dtype);
    copy(*block.unsafeGetTensorImpl(), x);
    strides[0] = block.strides();
    w = {merge_dims(x.sizes, strides, 2), static_cast<const char*>(block.data_ptr())};
  }
  for (bool done = false; !done; r = joining(r)) {
    size_t k = 0;
    Step s = next_step(w, k);
    const ReduceLoops loops = loops_for(r, out.dtype);
    const bool by_rows = k + 1 == w.dims.sizes.size();
    const char* in = w.in;
    char* to = out.data();
    Tensor next;
    done = finished(w, k, s);
    if (!done) {
      w = redirect(s, w, k, next, out.dtype);
      to = static_cast<char*>(next.data_ptr());
    }
    if (by_rows)
      run_rows(loops.rows, s, in, to, bytes);
    else
      run_columns(loops.columns, s, in, to, bytes);
    if (!done) block = next;
  }
}

void divide_by(const TensorImpl& out, double divisor) {
  dispatch_floating("mean", out.dtype, [&]<class T>() {
    T* y = reinterpret_cast<T*>(out.data());
    const T d = static_cast<T>(divisor);
    for (int64_t i = 0; i < out.numel; ++i) y[i] /= d;
  });
}

// A matrix of few columns, over its rows, as for the gradient of a bias.
bool is_one_tile_of_columns(const TensorImpl& x, IntArrayRef kept) {
  return x.sizes.size() == 2 && kept[0] == 1 && kept[1] == x.sizes[1] && x.sizes[1] <= column_tile;
}

}  // namespace

void reduce(Reduction r, const TensorImpl& out, const TensorImpl& x, IntArrayRef kept, double divide) {
  if (out.numel == 0) return;
  const bool simple =
      x.contiguous && x.numel <= row_chunk && x.dtype == out.dtype;  // one call, nothing to cut or merge
  if (x.numel == 0)
    fill(out, identity(r, out.dtype));
  else if (simple && out.numel == 1)
    loops_for(r, out.dtype).rows(x.data(), out.data(), 1, x.numel, 0, 0);
  else if (simple && is_one_tile_of_columns(x, kept))
    loops_for(r, out.dtype).columns(x.data(), out.data(), x.sizes[0], x.sizes[1], x.sizes[1], 1);
  else
    reduce_dims(r, out, x, kept);
  if (divide != 1) divide_by(out, divide);
}

bool contains(const TensorImpl& x, bool value) {
  return x.numel > 0 && std::memchr(x.data(), value ? 1 : 0, static_cast<size_t>(x.numel)) != nullptr;
}

}  // namespace gradus::kernels
