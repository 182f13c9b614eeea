#include "gradus/tensor/kernels/order.h"

#include <algorithm>
#include <numeric>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t chunk = 8192;  // elements that one thread takes at a time

template <class T>
T* address(const TensorImpl& t) {
  return reinterpret_cast<T*>(t.data());
}

// NaN last.
template <class T>
bool less(T a, T b) {
  return a < b || (is_nan(b) && !is_nan(a));
}

template <class T>
struct Keyed {
  T key;
  int64_t at;
};

template <class T>
bool before(const Keyed<T>& a, const Keyed<T>& b) {
  if (less(a.key, b.key)) return true;
  return !less(b.key, a.key) && a.at < b.at;
}

// f(pairs, row) for each row of x, with its elements and their places in scratch memory.
template <class T, class F>
void each_row(const T* x, int64_t rows, int64_t n, const F& f) {
  parallel_for(rows, std::max<int64_t>(1, chunk / std::max<int64_t>(n, 1)), [&](int64_t begin, int64_t end) {
    const Tensor scratch = empty({n * static_cast<int64_t>(sizeof(Keyed<T>))}, kByte);
    auto* pairs = static_cast<Keyed<T>*>(scratch.data_ptr());
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t i = 0; i < n; ++i) pairs[i] = {x[r * n + i], i};
      f(pairs, r);
    }
  });
}

// The start of the longest run of equal keys among sorted pairs, the first of several; returns its last element.
template <class T>
Keyed<T> longest_run(const Keyed<T>* p, int64_t n) {
  Keyed<T> best = p[0];
  int64_t most = 0, run = 0;
  for (int64_t i = 0; i < n; ++i) {
    ++run;
    if (i + 1 < n && p[i].key == p[i + 1].key) continue;
    if (run > most) most = run, best = p[i];
    run = 0;
  }
  return best;
}

template <class T>
int64_t place(const T* row, const int64_t* sorter, int64_t n, T v, bool right) {
  int64_t from = 0, to = n;
  while (from < to) {
    const int64_t mid = from + (to - from) / 2;
    const T at = row[sorter ? sorter[mid] : mid];
    if (right ? !(at > v) : !(at >= v))
      from = mid + 1;
    else
      to = mid;
  }
  return from;
}

}  // namespace

void kth(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n, int64_t k) {
  dispatch(x.dtype, [&]<class T>() {
    each_row(address<const T>(x), rows, n, [&](Keyed<T>* p, int64_t r) {
      std::nth_element(p, p + k, p + n, before<T>);
      address<T>(values)[r] = p[k].key;
      address<int64_t>(indices)[r] = p[k].at;
    });
  });
}

void median(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n,
            bool skip_nan) {
  dispatch(x.dtype, [&]<class T>() {
    each_row(address<const T>(x), rows, n, [&](Keyed<T>* p, int64_t r) {
      const auto nan = [](const Keyed<T>& e) { return is_nan(e.key); };
      const int64_t nans = std::count_if(p, p + n, nan);
      Keyed<T>* at = p + (n - nans - 1) / 2;
      if (nans && (!skip_nan || nans == n))
        at = std::find_if(p, p + n, nan);
      else
        std::nth_element(p, at, p + n, before<T>);
      address<T>(values)[r] = at->key;
      address<int64_t>(indices)[r] = at->at;
    });
  });
}

void mode(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n) {
  dispatch(x.dtype, [&]<class T>() {
    each_row(address<const T>(x), rows, n, [&](Keyed<T>* p, int64_t r) {
      std::sort(p, p + n, before<T>);
      const Keyed<T> best = longest_run(p, n);
      address<T>(values)[r] = best.key;
      address<int64_t>(indices)[r] = best.at;
    });
  });
}

void sort_by_rows(const TensorImpl& indices, const TensorImpl& x, int64_t n, int64_t m) {
  auto* at = address<int64_t>(indices);
  std::iota(at, at + n, 0);
  dispatch(x.dtype, [&]<class T>() {
    const T* p = address<const T>(x);
    std::stable_sort(at, at + n, [&](int64_t a, int64_t b) {
      for (int64_t k = 0; k < m; ++k) {
        if (less(p[a * m + k], p[b * m + k])) return true;
        if (less(p[b * m + k], p[a * m + k])) return false;
      }
      return false;
    });
  });
}

void search(const TensorImpl& out, const TensorImpl& sequence, const TensorImpl& x, const TensorImpl* sorter,
            int64_t rows, int64_t n, int64_t m, bool right) {
  const int64_t step = sequence.numel == n ? 0 : n;
  const auto* order = sorter ? address<const int64_t>(*sorter) : nullptr;
  dispatch(x.dtype, [&]<class T>() {
    parallel_for(rows * m, chunk, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = i / m * step;
        address<int64_t>(out)[i] =
            place(address<const T>(sequence) + row, order ? order + row : nullptr, n, address<const T>(x)[i], right);
      }
    });
  });
}

void histogram(const TensorImpl& counts, const TensorImpl& x, double low, double high) {
  dispatch_floating("histc", x.dtype, [&]<class T>() {
    const T lo = static_cast<T>(low), hi = static_cast<T>(high);
    const T* p = address<const T>(x);
    T* to = address<T>(counts);
    const int64_t bins = counts.numel;
    for (int64_t i = 0; i < x.numel; ++i) {
      if (!(p[i] >= lo && p[i] <= hi)) continue;
      const auto k = static_cast<int64_t>((p[i] - lo) * static_cast<T>(bins) / (hi - lo));
      to[std::min(k, bins - 1)] += 1;
    }
  });
}

void count(const TensorImpl& counts, const TensorImpl& x, const TensorImpl* weights) {
  const auto* at = address<const int64_t>(x);
  if (!weights) {
    for (int64_t i = 0; i < x.numel; ++i) ++address<int64_t>(counts)[at[i]];
    return;
  }
  dispatch_floating("bincount", weights->dtype, [&]<class T>() {
    for (int64_t i = 0; i < x.numel; ++i) address<T>(counts)[at[i]] += address<const T>(*weights)[i];
  });
}

void repeat_index(const TensorImpl& out, const TensorImpl& counts) {
  auto* to = address<int64_t>(out);
  for (int64_t i = 0; i < counts.numel; ++i) to = std::fill_n(to, address<const int64_t>(counts)[i], i);
}

}  // namespace gradus::kernels
