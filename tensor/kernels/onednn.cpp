#include "gradus/tensor/kernels/onednn.h"

#if defined(GRADUS_ONEDNN)
#include <omp.h>

#include <algorithm>

#include "gradus/tensor/parallel.h"

namespace gradus::kernels::onednn {

dnnl::engine& engine() {
  static dnnl::engine e(dnnl::engine::kind::cpu, 0);
  return e;
}

dnnl::stream& stream() {
  thread_local dnnl::stream s(engine());
  return s;
}

Threads::Threads(int most)
    : old_(omp_get_max_threads()), count_(gradus::detail::in_parallel() ? 1 : std::min(most, get_num_threads())) {
  if (count_ != old_) omp_set_num_threads(count_);
}

Threads::~Threads() {
  if (count_ != old_) omp_set_num_threads(old_);
}

}  // namespace gradus::kernels::onednn
#endif
