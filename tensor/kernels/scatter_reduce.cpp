#include "gradus/tensor/kernels/scatter_reduce.h"

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

template <Combine how, class T>
T combined(T a, T b) {
  if constexpr (how == Combine::sum)
    return static_cast<T>(a + b);
  else if constexpr (how == Combine::prod)
    return static_cast<T>(a * b);
  else if constexpr (how == Combine::amax)
    return a != a || a > b ? a : b;
  else
    return a != a || a < b ? a : b;
}

// Elements [begin, end) of the index; rows of the last dimension share what the others give.
template <Combine how, class T>
void scatter_range(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, size_t dim, int64_t begin,
                   int64_t end) {
  T* to = reinterpret_cast<T*>(x.data());
  const T* from = reinterpret_cast<const T*>(src.data());
  const auto* at = reinterpret_cast<const int64_t*>(index.data());
  const size_t rank = index.sizes.size();
  const int64_t n = index.sizes[rank - 1], x_step = dim == rank - 1 ? 0 : x.strides[rank - 1];
  for (int64_t r = begin; r < end; ++r) {
    int64_t left = r, a = 0, b = 0;
    for (size_t d = rank - 1; d-- > 0;) {
      const int64_t k = left % index.sizes[d];
      left /= index.sizes[d];
      a += d == dim ? 0 : k * x.strides[d];
      b += k * src.strides[d];
    }
    for (int64_t j = 0; j < n; ++j) {
      T& v = to[a + j * x_step + at[r * n + j] * x.strides[dim]];
      v = combined<how>(v, from[b + j * src.strides[rank - 1]]);
    }
  }
}

template <Combine how>
void scatter_all(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, size_t dim) {
  const int64_t rows = index.numel / index.sizes.back();
  // Slabs of the first dimension never meet unless it is the one that the index names.
  const int64_t slabs = dim == 0 || index.sizes.size() < 2 ? 1 : index.sizes[0], each = rows / slabs;
  dispatch(x.dtype, [&]<class T>() {
    parallel_for(slabs, std::max<int64_t>(1, 8192 / (index.numel / slabs)), [&](int64_t begin, int64_t end) {
      scatter_range<how, T>(x, index, src, dim, begin * each, end * each);
    });
  });
}

}  // namespace

void scatter_reduce(const TensorImpl& x, const TensorImpl& index, const TensorImpl& src, int64_t dim, Combine how) {
  if (index.numel == 0) return;
  const auto d = static_cast<size_t>(dim);
  switch (how) {
    case Combine::sum:
      return scatter_all<Combine::sum>(x, index, src, d);
    case Combine::prod:
      return scatter_all<Combine::prod>(x, index, src, d);
    case Combine::amax:
      return scatter_all<Combine::amax>(x, index, src, d);
    case Combine::amin:
      return scatter_all<Combine::amin>(x, index, src, d);
  }
}

}  // namespace gradus::kernels
