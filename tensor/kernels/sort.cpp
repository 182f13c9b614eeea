#include "gradus/tensor/kernels/sort.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/scratch.h"
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

// The first k of the order, one insertion after the other: few elements come before the last of those found.
constexpr int64_t most_inserted = 32;
template <class T, bool descending>
void insert_row(T* values, int64_t* indices, const T* x, int64_t n, int64_t k) {
  constexpr int64_t block = 32;
  Keyed<T> found[most_inserted + 1];
  int64_t count = 0;
  const auto insert = [&](int64_t i) {
    const Keyed<T> e = {x[i], i};
    if (count == k && !before<T, descending>(e, found[k - 1])) return;
    int64_t to = count == k ? k - 1 : count++;
    for (; to > 0 && before<T, descending>(e, found[to - 1]); --to) found[to] = found[to - 1];
    found[to] = e;
  };
  int64_t i = 0;
  for (; i < k; ++i) insert(i);
  for (; i + block <= n; i += block) {
    const T last = found[k - 1].key;
    const auto may_precede = [x](int64_t j, T last) {
      return descending ? !(x[j] <= last) : !(x[j] >= last);
    };  // or NaN
    int any = 0;
    for (int64_t j = 0; j < block; ++j) any |= may_precede(i + j, last);
    if (any)
      for (int64_t j = i; j < i + block; ++j)
        if (may_precede(j, found[k - 1].key)) insert(j);
  }
  for (; i < n; ++i) insert(i);
  for (i = 0; i < k; ++i) values[i] = found[i].key, indices[i] = found[i].at;
}

// Unsigned integers in the order of numbers: zeros are equal, NaN is the largest.
template <class T>
auto rank_of(T v) {
  using U = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  constexpr U sign = U(1) << (8 * sizeof(T) - 1);
  U bits;
  std::memcpy(&bits, &v, sizeof v);
  if constexpr (std::is_integral_v<T>) return bits ^ sign;
  if (v != v) return static_cast<U>(~U(0));
  if (v == 0) return sign;
  return bits & sign ? ~bits : bits ^ sign;
}

// Where n numbers go, by their bytes from the lowest up; equals stay in their order. Linear in n.
template <class T>
class RadixSort {
  using U = decltype(rank_of(T()));
  static constexpr size_t bytes = sizeof(T);
  struct Item {
    U rank;
    uint32_t at;
  };

 public:
  explicit RadixSort(int64_t n) : items_(n), other_(n) {}
  void run(T* values, int64_t* indices, const T* x, int64_t n, int64_t k, bool descending) {
    uint32_t counts[bytes][256] = {};
    Item *from = items_.get(), *to = other_.get();
    const U turn = descending ? ~U(0) : U(0);
    for (int64_t i = 0; i < n; ++i) {
      from[i] = {rank_of(x[i]) ^ turn, static_cast<uint32_t>(i)};
      for (size_t b = 0; b < bytes; ++b) ++counts[b][from[i].rank >> (8 * b) & 255];
    }
    for (size_t b = 0; b < bytes; ++b) {
      const auto byte = [b](const Item& item) { return item.rank >> (8 * b) & 255; };
      if (counts[b][byte(from[0])] == n) continue;  // all have the same
      uint32_t before = 0;
      for (uint32_t& c : counts[b]) before += std::exchange(c, before);
      for (int64_t i = 0; i < n; ++i) to[counts[b][byte(from[i])]++] = from[i];
      std::swap(from, to);
    }
    for (int64_t i = 0; i < k; ++i) values[i] = x[from[i].at], indices[i] = from[i].at;
  }

 private:
  Scratch<Item> items_, other_;
};

template <class T, bool descending>
void sort_row(Keyed<T>* row, T* values, int64_t* indices, const T* x, int64_t n, int64_t k) {
  for (int64_t i = 0; i < n; ++i) row[i] = {x[i], i};
  if (k * 8 < n)
    std::partial_sort(row, row + k, row + n, before<T, descending>);
  else
    std::sort(row, row + n, before<T, descending>);
  for (int64_t i = 0; i < k; ++i) values[i] = row[i].key, indices[i] = row[i].at;
}

template <class T, bool descending>
void sort_rows(T* values, int64_t* indices, const T* x, int64_t rows, int64_t n, int64_t k) {
  const bool inserts = k <= most_inserted && (k * 8 < n || n <= most_inserted);
  const bool radix = k * 8 >= n && n > most_inserted && n <= std::numeric_limits<uint32_t>::max();
  parallel_for(rows, std::max<int64_t>(1, 8192 / n), [&](int64_t begin, int64_t end) {
    const Scratch<Keyed<T>> row(inserts || radix ? 0 : n);
    RadixSort<T> sort(radix ? n : 0);
    for (int64_t r = begin; r < end; ++r) {
      T* v = values + r * k;
      int64_t* at = indices + r * k;
      if (inserts)
        insert_row<T, descending>(v, at, x + r * n, n, k);
      else if (radix)
        sort.run(v, at, x + r * n, n, k, descending);
      else
        sort_row<T, descending>(row.get(), v, at, x + r * n, n, k);
    }
  });
}

// In the type that x is computed in, which orders elements as their own does: three instantiations serve all types.
template <class T>
void sort_compute(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n,
                  int64_t k, bool descending) {
  T* v = reinterpret_cast<T*>(values.data());
  auto* at = reinterpret_cast<int64_t*>(indices.data());
  const T* p = reinterpret_cast<const T*>(x.data());
  descending ? sort_rows<T, true>(v, at, p, rows, n, k) : sort_rows<T, false>(v, at, p, rows, n, k);
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
