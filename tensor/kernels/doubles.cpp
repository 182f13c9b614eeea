#include "gradus/tensor/kernels/doubles.h"

#include <cstring>

#include "gradus/tensor/kernels/convert.h"

namespace gradus::kernels {

std::vector<double> doubles(const TensorImpl& t) {
  std::vector<double> v(static_cast<size_t>(t.numel));
  if (v.empty()) return v;
  const Intrusive<Storage> storage = Storage::create(v.size() * sizeof(double));
  const TensorImpl row_major(storage, ScalarType::Double, t.sizes, contiguous_strides(t.sizes), 0);
  copy(row_major, t);
  std::memcpy(v.data(), row_major.data(), v.size() * sizeof(double));
  return v;
}

}  // namespace gradus::kernels
