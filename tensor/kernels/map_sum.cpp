#include "gradus/tensor/kernels/map_sum.h"

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t chunk = 32768;  // elements; more wake another thread

// x itself where the loop can read it, else `made`, which becomes a copy that it can.
const Tensor& readable(const Tensor& x, ScalarType t, Tensor& made) {
  if (x.scalar_type() == t && x.is_contiguous()) return x;
  made = empty(x.sizes(), t);
  copy(*made.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  return made;
}

Tensor number(double v, ScalarType t) {
  const Tensor y = empty({}, t);
  dispatch(t, [&]<class T>() { *y.data_ptr<T>() = static_cast<T>(v); });
  return y;
}

}  // namespace

Tensor run_sum(const SumLoop& loop, ScalarType result, double scale, const Tensor* in, int count) {
  Tensor made[max_operands];
  const char* operands[max_operands];
  for (int k = 0; k < count; ++k)
    operands[k] = static_cast<const char*>(readable(in[k], loop.compute, made[k]).data_ptr());
  const int64_t n = in[0].numel(), size = static_cast<int64_t>(element_size(loop.compute));
  auto sum = [&](int64_t begin, int64_t end, double* out) {
    const void* p[max_operands];
    for (int k = 0; k < count; ++k) p[k] = operands[k] + begin * size;
    loop.fn(loop.formula, out, p, end - begin);
  };
  double total = 0;
  if (n <= chunk) {
    sum(0, n, &total);
  } else {
    const int64_t parts = (n + chunk - 1) / chunk;
    const Scratch<double> sums(parts);
    parallel_for(n, chunk, [&](int64_t b, int64_t e) { sum(b, e, sums.get() + b / chunk); });
    for (int64_t i = 0; i < parts; ++i) total += sums.get()[i];
  }
  return number(total * scale, result);
}

}  // namespace gradus::kernels
