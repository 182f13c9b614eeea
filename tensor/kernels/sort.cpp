#include "gradus/tensor/kernels/sort.h"

#include <algorithm>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

template <class T>
struct Keyed {
  T key;
  int64_t at;
};

// The index decides between equals: a total order, so that a sort in place is a stable one.
template <class T, bool descending>
bool before(const Keyed<T>& a, const Keyed<T>& b) {
  if (a.key == b.key) return a.at < b.at;
  if constexpr (std::is_floating_point_v<T>) {
    const bool na = a.key != a.key, nb = b.key != b.key;
    if (na || nb) return na && nb ? a.at < b.at : na == descending;
  }
  return descending ? a.key > b.key : a.key < b.key;
}

template <class T, bool descending>
void sort_row(Keyed<T>* row, T* values, int64_t* indices, const T* x, int64_t n, int64_t k) {
  for (int64_t i = 0; i < n; ++i) row[i] = {x[i], i};
  if (k * 8 < n)
    std::partial_sort(row, row + k, row + n, before<T, descending>);
  else
    std::sort(row, row + n, before<T, descending>);
  for (int64_t i = 0; i < k; ++i) values[i] = row[i].key, indices[i] = row[i].at;
}

template <class T>
void sort_rows(T* values, int64_t* indices, const T* x, int64_t rows, int64_t n, int64_t k, bool descending) {
  parallel_for(rows, std::max<int64_t>(1, 8192 / n), [&](int64_t begin, int64_t end) {
    const Tensor scratch = empty({n * static_cast<int64_t>(sizeof(Keyed<T>))}, kByte);
    auto* row = static_cast<Keyed<T>*>(scratch.data_ptr());
    for (int64_t r = begin; r < end; ++r) {
      if (descending)
        sort_row<T, true>(row, values + r * k, indices + r * k, x + r * n, n, k);
      else
        sort_row<T, false>(row, values + r * k, indices + r * k, x + r * n, n, k);
    }
  });
}

// In the type that x is computed in, which orders elements as their own does: three instantiations serve all types.
template <class T>
void sort_compute(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n,
                  int64_t k, bool descending) {
  sort_rows(reinterpret_cast<T*>(values.data()), reinterpret_cast<int64_t*>(indices.data()),
            reinterpret_cast<const T*>(x.data()), rows, n, k, descending);
}

}  // namespace

void sort(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n, int64_t k,
          bool descending) {
  if (rows * k == 0) return;
  const ScalarType type = compute_type(x.dtype);
  const bool same = type == x.dtype;
  const Tensor from = same ? Tensor() : empty(x.sizes, type), to = same ? Tensor() : empty(values.sizes, type);
  if (!same) copy(*from.unsafeGetTensorImpl(), x);
  dispatch_compute("sort", type, [&]<class T>() {
    sort_compute<T>(same ? values : *to.unsafeGetTensorImpl(), indices, same ? x : *from.unsafeGetTensorImpl(), rows, n,
                    k, descending);
  });
  if (!same) copy(values, *to.unsafeGetTensorImpl());
}

}  // namespace gradus::kernels
