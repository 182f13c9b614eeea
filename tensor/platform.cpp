#include "gradus/tensor/platform.h"

namespace gradus {

void cuda::synchronize(int64_t) { fail("synchronize: No CUDA GPUs are available"); }

Context& globalContext() {
  static Context context;
  return context;
}

void set_num_interop_threads(int n) {
  check(n > 0, "set_num_interop_threads: Expected positive number of threads, got ", n);
}

}  // namespace gradus
