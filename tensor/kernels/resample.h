// Sums along one dimension with constant weights: resizing, padding by copies, means of windows.
#pragma once
#include <cstdint>
#include <vector>

namespace gradus::kernels {

/// A sparse matrix of `rows()` x `columns` in rows: row i is the terms [first[i], first[i + 1]), each the weight of an
/// element.
struct Taps {
  int64_t columns = 0;
  std::vector<int64_t> first{0}, index;
  std::vector<double> weight;

  int64_t rows() const { return static_cast<int64_t>(first.size()) - 1; }
  void add(int64_t element, double w) {
    index.push_back(element);
    weight.push_back(w);
  }
  void end_row() { first.push_back(static_cast<int64_t>(index.size())); }
};

/// The matrix with rows and columns exchanged; the terms of a row stand in the order of the rows they come from.
Taps transposed(const Taps& taps);

/// y[o, i, j] = sum over k of taps(i, k) x[o, k, j] for x [outer, columns, inner], y [outer, rows, inner].
template <class T>
void resample(const Taps& taps, int64_t outer, int64_t inner, const T* x, T* y);
extern template void resample(const Taps&, int64_t, int64_t, const float*, float*);
extern template void resample(const Taps&, int64_t, int64_t, const double*, double*);

}  // namespace gradus::kernels
