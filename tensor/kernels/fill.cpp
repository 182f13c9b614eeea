#include "gradus/tensor/kernels/fill.h"

#include <algorithm>
#include <cstring>

#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {

void fill(const TensorImpl& t, const Scalar& v) {
  if (t.numel == 0) return;
  dispatch(t.dtype, [&]<class T>() {
    T value = v.to<T>();
    if (!t.contiguous && !is_dense(t.sizes, t.strides)) {
      const TensorImpl one(Storage::wrap(&value, sizeof(T), {}), t.dtype, {}, {}, 0);
      return copy(t, one);
    }
    T* p = reinterpret_cast<T*>(t.data());
    const int64_t chunk = t.numel <= 262144 ? t.numel : 131072;
    parallel_for(t.numel, chunk, [&](int64_t b, int64_t e) { std::fill(p + b, p + e, value); });
  });
}

void arange(const TensorImpl& t, const Scalar& start, const Scalar& step) {
  dispatch(t.dtype, [&]<class T>() {
    T* p = reinterpret_cast<T*>(t.data());
    if constexpr (std::is_integral_v<T>) {
      if (!start.isFloatingPoint() && !step.isFloatingPoint()) {
        for (int64_t i = 0; i < t.numel; ++i) p[i] = static_cast<T>(start.toLong() + i * step.toLong());
        return;
      }
    }
    for (int64_t i = 0; i < t.numel; ++i)
      p[i] = static_cast<T>(start.toDouble() + static_cast<double>(i) * step.toDouble());
  });
}

void linspace(const TensorImpl& t, double start, double end) {
  dispatch(t.dtype, [&]<class T>() {
    T* p = reinterpret_cast<T*>(t.data());
    const int64_t n = t.numel;
    const T step = n > 1 ? static_cast<T>((end - start) / static_cast<double>(n - 1)) : T(0);
    for (int64_t i = 0; i < n; ++i)
      p[i] = i < n / 2 ? static_cast<T>(static_cast<T>(start) + step * static_cast<T>(i))
                       : static_cast<T>(static_cast<T>(end) - step * static_cast<T>(n - i - 1));
    if (n == 1) p[0] = static_cast<T>(start);
  });
}

void write(const TensorImpl& t, ArrayRef<Scalar> numbers) {
  dispatch(t.dtype, [&]<class T>() {
    T* p = reinterpret_cast<T*>(t.data());
    for (size_t i = 0; i < numbers.size(); ++i) p[i] = numbers[i].to<T>();
  });
}

Scalar read(const TensorImpl& t) {
  return dispatch(t.dtype, [&]<class T>() { return Scalar(*reinterpret_cast<const T*>(t.data())); });
}

}  // namespace gradus::kernels
