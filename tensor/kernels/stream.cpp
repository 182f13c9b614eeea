#include "gradus/tensor/kernels/stream.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>

namespace gradus::kernels {
namespace {

/// What the first core's third cache holds, in bytes; 32 MiB where the system does not tell, as in some virtual
/// machines. (sysconf counts the caches of all cores of a socket, of which one core's data gets only its own.)
int64_t last_cache() {
  int64_t kib = 0;
  std::ifstream file("/sys/devices/system/cpu/cpu0/cache/index3/size");
  return file >> kib && kib > 0 ? kib << 10 : int64_t{32} << 20;
}

std::atomic<int64_t>& limit() {
  static std::atomic<int64_t> bytes = last_cache() / 4 * 3;
  return bytes;
}

struct StreamLoop {
  template <class A>
  GRADUS_INLINE static void run(char* to, const char* from, int64_t bytes) {
    using V = typename A::template vec<float>;
    constexpr int64_t step = sizeof(V);
    const int64_t first = std::min(bytes, (step - reinterpret_cast<intptr_t>(to) % step) % step);
    std::memcpy(to, from, static_cast<size_t>(first));
    int64_t i = first;
    for (; i + step <= bytes; i += step)
      V::load(reinterpret_cast<const float*>(from + i)).stream(reinterpret_cast<float*>(to + i));
    std::memcpy(to + i, from + i, static_cast<size_t>(bytes - i));
  }
};

}  // namespace

bool overflows_cache(int64_t bytes) { return bytes > limit().load(std::memory_order_relaxed); }

int64_t set_streamed_above(int64_t bytes) { return limit().exchange(bytes); }

void stream_copy(void* to, const void* from, int64_t bytes) {
  simd::call<StreamLoop>(static_cast<char*>(to), static_cast<const char*>(from), bytes);
}

}  // namespace gradus::kernels
