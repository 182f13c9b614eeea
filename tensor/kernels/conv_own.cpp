// Our own convolutions: the windows of a strip of output rows are laid out as a matrix that stays in the second cache
// ("columns"), and our matrix product does the rest. One group of one image at a time.
#include <algorithm>
#include <cstring>

#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/matmul.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t strip_elements = 96 * 1024;  // of the columns of one strip
constexpr int64_t batch_pieces = 8;            // partial weight gradients, at most
constexpr int64_t serial_work = 32 * 1024;     // multiplications below which threads do not pay

/// The sizes of one group and how its output is cut into strips of lines; a line lies along the last dimension.
struct Plan {
  const Conv& d;
  int64_t oh = d.out(1), ow = d.out(2), lines = d.out(0) * oh;
  int64_t in = d.c / d.groups, out = d.o / d.groups;  // channels
  int64_t depth = in * d.taps();                      // rows of the columns
  int64_t in_plane = d.in_plane(), out_plane = lines * ow;
  bool plain = is_plain(d);  // the image itself is the columns
  int64_t rows = std::clamp<int64_t>(strip_elements / std::max<int64_t>(1, depth* ow), 1, std::max<int64_t>(1, lines));
  int64_t strips = ceil_div(lines, rows);

  explicit Plan(const Conv& conv) : d(conv) {}
  static bool is_plain(const Conv& d) {
    for (int i = 0; i < 3; ++i)
      if (d.kernel[i] != 1 || d.stride[i] != 1 || d.before[i] != 0 || d.after[i] != 0) return false;
    return true;
  }
  bool empty() const { return d.n == 0 || d.out(0) <= 0 || oh <= 0 || ow <= 0; }
  int64_t input_at(int64_t image, int64_t group) const { return (image * d.c + group * in) * in_plane; }
  int64_t output_at(int64_t image, int64_t group) const { return (image * d.o + group * out) * out_plane; }
  int64_t work() const { return d.n * d.o * depth * out_plane; }
  int64_t column_elements() const { return plain ? 0 : depth * rows * ow; }
};

/// The outputs whose window position `tap` falls inside of the input: indices [first, last).
struct Range {
  int64_t first, last, offset;  // input index = output index * stride + offset
};
Range inside(const Conv& d, int axis, int64_t tap, int64_t inputs, int64_t outputs) {
  const int64_t offset = tap * d.dilation[axis] - d.before[axis], s = d.stride[axis];
  const int64_t first = offset < 0 ? ceil_div(-offset, s) : 0;
  const int64_t last = inputs - offset <= 0 ? 0 : ceil_div(inputs - offset, s);
  return {std::min(first, outputs), std::clamp(last, std::min(first, outputs), outputs), offset};
}

/// Calls f(column, input, first, last) for each row of a strip's columns: elements [first, last) of the column
/// row of ow elements lie at input + j * stride of the plane, and the others outside of the image.
template <class F>
void each_row(const Plan& p, int64_t row0, int64_t row1, const F& f) {
  const Conv& d = p.d;
  auto place = [&](int axis, int64_t output, int64_t tap) {
    return output * d.stride[axis] + tap * d.dilation[axis] - d.before[axis];
  };
  for (int64_t row = 0; row < p.depth; ++row) {
    const int64_t v = row % d.kernel[2], u = row / d.kernel[2] % d.kernel[1];
    const int64_t t = row / d.kernel[2] / d.kernel[1] % d.kernel[0], c = row / d.taps();
    const Range x = inside(d, 2, v, d.in[2], p.ow);
    for (int64_t i = row0; i < row1; ++i) {
      const int64_t z = place(0, i / p.oh, t), y = place(1, i % p.oh, u);
      const bool real = z >= 0 && z < d.in[0] && y >= 0 && y < d.in[1];
      f((row * (row1 - row0) + i - row0) * p.ow, ((c * d.in[0] + z) * d.in[1] + y) * d.in[2] + x.offset,
        real ? x.first : 0, real ? x.last : 0);
    }
  }
}

template <class T>
void to_columns(const Plan& p, const T* x, int64_t row0, int64_t row1, T* columns) {
  const int64_t step = p.d.stride[2];
  each_row(p, row0, row1, [&](int64_t column, int64_t input, int64_t first, int64_t last) {
    T* to = columns + column;
    std::fill(to, to + first, T(0));
    if (step == 1 && last > first)
      std::memcpy(to + first, x + (input + first), static_cast<size_t>(last - first) * sizeof(T));
    else
      for (int64_t j = first; j < last; ++j) to[j] = x[input + j * step];
    std::fill(to + last, to + p.ow, T(0));
  });
}

/// The transpose of to_columns: adds every column element to the input element it was copied from.
template <class T>
void from_columns(const Plan& p, const T* columns, int64_t row0, int64_t row1, T* x) {
  const int64_t step = p.d.stride[2];
  each_row(p, row0, row1, [&](int64_t column, int64_t input, int64_t first, int64_t last) {
    const T* from = columns + column;
    for (int64_t j = first; j < last; ++j) x[input + j * step] += from[j];
  });
}

/// Deals `tasks` to the threads, or to one where threads do not pay.
template <class F>
void deal(const Plan& p, int64_t tasks, const F& f) {
  parallel_for(tasks, p.work() < serial_work ? tasks : 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(i);
  });
}

template <class T>
struct SumPlane {
  template <class Arch>
  GRADUS_INLINE static void run(const T* p, int64_t n, T* to) {
    using V = typename Arch::template vec<T>;
    constexpr int64_t N = V::size;
    V sum[4];
    int64_t i = 0;
    for (; i + 4 * N <= n; i += 4 * N)
      for (int q = 0; q < 4; ++q) sum[q] += V::load(p + i + q * N);
    for (; i + N <= n; i += N) sum[0] += V::load(p + i);
    if (i < n) sum[1] += V::load(p + i, n - i);
    *to += simd::reduce_add((sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
};

}  // namespace

template <class T>
void own::conv_backward_bias(const Conv& d, const T* gy, T* gb) {
  const int64_t plane = d.out_plane(), total = d.n * d.o * plane;
  parallel_for(d.o, total < serial_work ? d.o : ceil_div(d.o, 16), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o) {
      gb[o] = 0;
      for (int64_t i = 0; i < d.n; ++i)
        simd::call<SumPlane<T>>(static_cast<const T*>(gy + (i * d.o + o) * plane), plane, gb + o);
    }
  });
}

template <class T>
void own::conv_forward(const Conv& d, const T* x, const T* weight, const T* bias, T* y) {
  const Plan p(d);
  if (p.empty() || d.o == 0) return;
  deal(p, d.n * d.groups * p.strips, [&](int64_t task) {
    const int64_t strip = task % p.strips, group = task / p.strips % d.groups, image = task / p.strips / d.groups;
    const int64_t row0 = strip * p.rows, row1 = std::min(p.lines, row0 + p.rows), width = (row1 - row0) * p.ow;
    const T* in = x + p.input_at(image, group);
    T* out = y + p.output_at(image, group) + row0 * p.ow;
    const Scratch<T> columns(p.column_elements());
    if (!p.plain) to_columns(p, in, row0, row1, columns.get());
    if (bias)
      for (int64_t o = 0; o < p.out; ++o) std::fill_n(out + o * p.out_plane, width, bias[group * p.out + o]);
    Gemm g = dense(p.out, width, p.depth);
    g.ldb = p.plain ? p.in_plane : width;
    g.ldc = p.out_plane;
    g.beta = bias ? 1 : 0;
    own::matmul(g, weight + group * p.out * p.depth, p.plain ? in + row0 * p.ow : columns.get(), out);
  });
}

template <class T>
void own::conv_backward_input(const Conv& d, const T* gy, const T* weight, const T* bias, T* gx) {
  const Plan p(d);
  if (d.n * d.c * p.in_plane == 0) return;
  deal(p, d.n * d.groups, [&](int64_t task) {
    const int64_t group = task % d.groups, image = task / d.groups;
    T* in = gx + p.input_at(image, group);
    const T* out = gy + p.output_at(image, group);
    const T* w = weight + group * p.out * p.depth;
    Gemm g = dense(p.depth, p.out_plane, p.out, true);
    g.beta = p.plain && bias ? 1 : 0;
    if (!p.plain || bias)
      for (int64_t c = 0; c < p.in; ++c)
        std::fill_n(in + c * p.in_plane, p.in_plane, bias ? bias[group * p.in + c] : T(0));
    if (p.plain) return own::matmul(g, w, out, in);
    const Scratch<T> columns(p.column_elements());
    for (int64_t row0 = 0; row0 < p.lines; row0 += p.rows) {
      const int64_t row1 = std::min(p.lines, row0 + p.rows);
      g.n = g.ldc = (row1 - row0) * p.ow;
      own::matmul(g, w, out + row0 * p.ow, columns.get());
      from_columns(p, columns.get(), row0, row1, in);
    }
  });
}

template <class T>
void own::conv_backward_weight(const Conv& d, const T* x, const T* gy, T* gw, T* gb) {
  const Plan p(d);
  const int64_t elements = d.o * p.depth;
  if (gb) conv_backward_bias(d, gy, gb);
  if (elements == 0) return;
  const int64_t images = std::max<int64_t>(1, ceil_div(d.n, batch_pieces)), pieces = ceil_div(d.n, images);
  if (p.empty()) return static_cast<void>(std::fill_n(gw, elements, T(0)));
  // The first piece sums into gw itself; the others into copies that are added in order.
  const Scratch<T> copies((pieces - 1) * elements);
  deal(p, pieces * d.groups, [&](int64_t task) {
    const int64_t group = task % d.groups, piece = task / d.groups;
    T* sum = (piece == 0 ? gw : copies.get() + (piece - 1) * elements) + group * p.out * p.depth;
    const Scratch<T> columns(p.column_elements());
    Gemm g = dense(p.out, p.depth, 0, false, true);
    g.lda = p.out_plane;
    for (int64_t image = piece * images; image < std::min(d.n, (piece + 1) * images); ++image) {
      const T *in = x + p.input_at(image, group), *out = gy + p.output_at(image, group);
      for (int64_t row0 = 0; row0 < p.lines; row0 += p.rows) {
        const int64_t row1 = std::min(p.lines, row0 + p.rows);
        g.k = (row1 - row0) * p.ow;
        g.ldb = p.plain ? p.in_plane : g.k;
        if (!p.plain) to_columns(p, in, row0, row1, columns.get());
        own::matmul(g, out + row0 * p.ow, p.plain ? in + row0 * p.ow : columns.get(), sum);
        g.beta = 1;
      }
    }
  });
  parallel_for(elements, 16 * 1024, [&](int64_t begin, int64_t end) {
    for (int64_t piece = 1; piece < pieces; ++piece)
      for (int64_t i = begin; i < end; ++i) gw[i] += copies.get()[(piece - 1) * elements + i];
  });
}

template void own::conv_backward_bias(const Conv&, const float*, float*);
template void own::conv_backward_bias(const Conv&, const double*, double*);
template void own::conv_forward(const Conv&, const float*, const float*, const float*, float*);
template void own::conv_forward(const Conv&, const double*, const double*, const double*, double*);
template void own::conv_backward_input(const Conv&, const float*, const float*, const float*, float*);
template void own::conv_backward_input(const Conv&, const double*, const double*, const double*, double*);
template void own::conv_backward_weight(const Conv&, const float*, const float*, float*, float*);
template void own::conv_backward_weight(const Conv&, const double*, const double*, double*, double*);

}  // namespace gradus::kernels
