#include "gradus/tensor/kernels/simd.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace gradus::simd {

Isa supported() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return avx512 ? Isa::avx512 : avx2 ? Isa::avx2 : Isa::base;
#else
  return Isa::base;
#endif
}

namespace {

Isa chosen() {
  const Isa best = std::min(supported(), widest);
  const char* wish = std::getenv("GRADUS_ISA");
  if (!wish) return best;
  for (Isa i : {Isa::base, Isa::avx2, Isa::avx512})
    if (std::string_view(wish) == name(i)) return std::min(best, i);
  return best;
}

}  // namespace

Isa detail::first_asked() {
  const Isa i = chosen();
  current.store(i, std::memory_order_relaxed);
  return i;
}

const char* name(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    default:
      return "base";
  }
}

}  // namespace gradus::simd
