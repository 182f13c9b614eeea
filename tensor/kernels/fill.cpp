#include "gradus/tensor/kernels/fill.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "gradus/tensor/factories.h"
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
    const T zero = T();
    const bool zeros = std::memcmp(&value, &zero, sizeof(T)) == 0;
    parallel_for(t.numel, chunk, [&](int64_t b, int64_t e) {
      // The processor's own way to clear memory does not read it first.
      if (zeros)
        std::memset(static_cast<void*>(p + b), 0, static_cast<size_t>(e - b) * sizeof(T));
      else
        std::fill(p + b, p + e, value);
    });
  });
}

namespace {

// f on t, or on a copy of it in the type that t's elements are computed in, which then becomes t.
template <class F>
void computed(const TensorImpl& t, const F& f) {
  const ScalarType type = compute_type(t.dtype);
  if (t.dtype == type) return f(t);
  const Tensor wide = empty(t.sizes, type);
  f(*wide.unsafeGetTensorImpl());
  copy(t, *wide.unsafeGetTensorImpl());
}

}  // namespace

void arange(const TensorImpl& t, const Scalar& start, const Scalar& step) {
  computed(t, [&](const TensorImpl& y) {
    dispatch_compute("arange", y.dtype, [&]<class T>() {
      T* p = reinterpret_cast<T*>(y.data());
      using Number = std::conditional_t<std::is_integral_v<T>, int64_t, double>;
      const auto first = start.to<Number>(), by = step.to<Number>();
      for (int64_t i = 0; i < y.numel; ++i) {
        if constexpr (std::is_integral_v<T>)
          p[i] = first + i * by;
        else
          p[i] = static_cast<T>(std::fma(static_cast<double>(i), by, first));
      }
    });
  });
}

void linspace(const TensorImpl& t, double start, double end) {
  const int64_t n = t.numel;
  dispatch(t.dtype, [&]<class T>() {
    T* p = reinterpret_cast<T*>(t.data());
    const T first = Scalar(start).wrapped<T>(), last = Scalar(end).wrapped<T>();
    using Step = std::conditional_t<std::is_integral_v<T>, double, T>;
    const Step step =
        n > 1 ? static_cast<Step>((static_cast<Step>(last) - static_cast<Step>(first)) / static_cast<Step>(n - 1))
              : Step(0);
    for (int64_t i = 0; i < n; ++i)
      p[i] =
          static_cast<T>(i < n / 2 ? first + step * static_cast<Step>(i) : last - step * static_cast<Step>(n - i - 1));
    if (n == 1) p[0] = first;
  });
}

void logspace(const TensorImpl& t, double start, double end, double base) {
  const int64_t n = t.numel;
  dispatch(t.dtype, [&]<class T>() {
    T* p = reinterpret_cast<T*>(t.data());
    // As in PyTorch, the step is rounded to the tensor's type, and so are the ends of a range of integers.
    using Number = std::conditional_t<std::is_same_v<T, double> || std::is_integral_v<T>, double, float>;
    const auto first = static_cast<Number>(Scalar(start).wrapped<T>());
    const auto last = static_cast<Number>(Scalar(end).wrapped<T>());
    Number step = n > 1 ? (last - first) / static_cast<Number>(n - 1) : Number(0);
    if constexpr (is_float16_v<T>) step = static_cast<Number>(static_cast<T>(step));
    const auto b = static_cast<Number>(base);
    for (int64_t i = 0; i < n; ++i) {
      const Number e =
          i < n / 2 || n == 1 ? first + step * static_cast<Number>(i) : last - step * static_cast<Number>(n - i - 1);
      p[i] = Scalar(static_cast<double>(std::pow(b, e))).wrapped<T>();
    }
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
