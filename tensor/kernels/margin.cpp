#include "gradus/tensor/kernels/margin.h"

#include <algorithm>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t chunk = 4096;  // pairs of classes that a thread takes at a time, at the least

// Right classes of a row: how many are named, and a mark for each class.
int64_t mark(const int64_t* target, int64_t c, uint8_t* right) {
  std::fill_n(right, c, uint8_t{0});
  int64_t named = 0;
  while (named < c && target[named] >= 0) right[target[named++]] = 1;
  return named;
}

// f(row, right classes named, marks) for every row.
template <class F>
void each_row(const int64_t* target, int64_t n, int64_t c, const F& f) {
  parallel_for(n, std::max<int64_t>(1, chunk / (c * c)), [&](int64_t begin, int64_t end) {
    const Scratch<uint8_t> right(c);
    for (int64_t i = begin; i < end; ++i) f(i, mark(target + i * c, c, right.get()), right.get());
  });
}

template <class T>
void values(const T* x, const int64_t* target, T* y, int64_t n, int64_t c) {
  each_row(target, n, c, [&](int64_t i, int64_t named, const uint8_t* right) {
    double sum = 0;
    for (int64_t j = 0; j < named; ++j) {
      const T from = 1 - x[i * c + target[i * c + j]];
      for (int64_t k = 0; k < c; ++k) sum += right[k] ? 0.0 : static_cast<double>(std::max(from + x[i * c + k], T(0)));
    }
    y[i] = static_cast<T>(sum / static_cast<double>(c));
  });
}

template <class T>
void slopes(const T* x, const int64_t* target, T* gx, int64_t n, int64_t c) {
  each_row(target, n, c, [&](int64_t i, int64_t named, const uint8_t* right) {
    const T share = T(1) / static_cast<T>(c);
    for (int64_t j = 0; j < named; ++j) {
      const int64_t t = target[i * c + j];
      const T from = 1 - x[i * c + t];
      for (int64_t k = 0; k < c; ++k)
        if (!right[k] && from + x[i * c + k] > 0) {
          gx[i * c + k] += share;
          gx[i * c + t] -= share;
        }
    }
  });
}

}  // namespace

void check_label_rows(const char* op, const Tensor& target) {
  const int64_t *t = target.data_ptr<int64_t>(), c = target.size(1);
  for (int64_t i = 0; i < target.numel(); ++i)
    check_index(t[i] >= -1 && t[i] < c, op, ": argument #2 'target' is out of range, got ", t[i]);
}

Tensor multilabel_margin(const Tensor& x, const Tensor& target) {
  const int64_t n = x.size(0), c = x.size(1);
  const Tensor y = empty({n}, x.scalar_type());
  if (x.scalar_type() == kFloat)
    values(x.data_ptr<float>(), target.data_ptr<int64_t>(), y.data_ptr<float>(), n, c);
  else
    values(x.data_ptr<double>(), target.data_ptr<int64_t>(), y.data_ptr<double>(), n, c);
  return y;
}

Tensor multilabel_margin_slopes(const Tensor& x, const Tensor& target) {
  const int64_t n = x.size(0), c = x.size(1);
  const Tensor gx = zeros(x.sizes(), x.scalar_type());
  if (x.scalar_type() == kFloat)
    slopes(x.data_ptr<float>(), target.data_ptr<int64_t>(), gx.data_ptr<float>(), n, c);
  else
    slopes(x.data_ptr<double>(), target.data_ptr<int64_t>(), gx.data_ptr<double>(), n, c);
  return gx;
}

}  // namespace gradus::kernels
