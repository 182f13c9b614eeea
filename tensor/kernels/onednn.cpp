#include "gradus/tensor/kernels/onednn.h"

#if defined(GRADUS_ONEDNN)
#include <omp.h>

namespace gradus::kernels::onednn {

dnnl::engine& engine() {
  // Threads that end when the process does still have streams of it.
  static auto& e = *new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return e;
}

dnnl::stream& stream() {
  thread_local dnnl::stream s(engine());
  return s;
}

OneThread::OneThread() : old_(omp_get_max_threads()) {
  if (old_ != 1) omp_set_num_threads(1);
}

OneThread::~OneThread() {
  if (old_ != 1) omp_set_num_threads(old_);
}

}  // namespace gradus::kernels::onednn
#endif
