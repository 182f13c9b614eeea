#include "gradus/tensor/kernels/triangle.h"

#include <algorithm>
#include <cstring>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels {

void triangle(const TensorImpl& y, const TensorImpl& x, int64_t k, bool upper) {
  if (x.numel == 0) return;
  const int64_t rows = x.sizes[x.sizes.size() - 2], n = x.sizes.back(),
                first = std::clamp(k, -rows, n) + (upper ? 0 : 1);
  const auto bytes = [step = element_size(x.dtype)](int64_t elements) { return static_cast<size_t>(elements) * step; };
  parallel_for(x.numel / n, std::max<int64_t>(1, 32768 / n), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      // Elements left of the border come from x, or are 0.
      const int64_t border = std::clamp<int64_t>(r % rows + first, 0, n);
      char* to = y.data() + bytes(r * n);
      const char* from = x.data() + bytes(r * n);
      if (upper) {
        std::memset(to, 0, bytes(border));
        std::memcpy(to + bytes(border), from + bytes(border), bytes(n - border));
      } else {
        std::memcpy(to, from, bytes(border));
        std::memset(to + bytes(border), 0, bytes(n - border));
      }
    }
  });
}

}  // namespace gradus::kernels
