// Order and counting: elements by rank, frequent ones, places in sorted sequences, histograms.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// Of any element type; only floats have it.
template <class T>
bool is_nan(T v) {
  return v != v;
}

/// Of each row of x, contiguous [rows, n]: the k-th smallest element (k from 0) and its index; NaN counts as the
/// greatest.
void kth(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n, int64_t k);
/// The lower middle element of each row; a row with NaN gives NaN and the place of the first, unless NaN is skipped.
void median(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n,
            bool skip_nan);
/// The most frequent element of each row, the least of several, and its last place.
void mode(const TensorImpl& values, const TensorImpl& indices, const TensorImpl& x, int64_t rows, int64_t n);

/// The indices (int64 [n]) that bring the rows of x, contiguous [n, m], into lexicographic order; equal rows keep
/// their order.
void sort_by_rows(const TensorImpl& indices, const TensorImpl& x, int64_t n, int64_t m);

/// out[i] = the number of elements of the sorted row that are less than x[i] (not greater, with `right`). sequence:
/// contiguous [rows or 1, n], x and out: contiguous [rows, m], sorter: like sequence, or null. out is int64.
void search(const TensorImpl& out, const TensorImpl& sequence, const TensorImpl& x, const TensorImpl* sorter,
            int64_t rows, int64_t n, int64_t m, bool right);

/// counts[k] += the elements of x in the k-th of the equal parts of [low, high]; counts has x's type, both contiguous.
void histogram(const TensorImpl& counts, const TensorImpl& x, double low, double high);
/// counts[x[i]] += weights[i], or 1; x contiguous int64, all within.
void count(const TensorImpl& counts, const TensorImpl& x, const TensorImpl* weights);

/// out = i, counts[i] times, for all i; int64.
void repeat_index(const TensorImpl& out, const TensorImpl& counts);

}  // namespace gradus::kernels
