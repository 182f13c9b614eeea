// Preloaded into a test program: writes from where it throws, so that throw_sites.py can tell which sites no test
// reaches. Every line of $GRADUS_THROW_LOG.<pid> is one stack, `module+offset` from the inside out. Takes no memory of
// operator new, which tests let fail.
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <typeinfo>

namespace {

constexpr int frames = 8;
constexpr size_t slots = size_t{1} << 18;
constinit std::atomic<uint64_t> seen[slots];

// True the first time; a full table says so always.
bool is_new(uint64_t hash) {
  hash |= 1;
  for (size_t i = hash % slots, tries = 0; tries < slots; i = (i + 1) % slots, ++tries) {
    uint64_t empty = 0;
    if (seen[i].load() == hash) return false;
    if (seen[i].compare_exchange_strong(empty, hash)) return true;
    if (empty == hash) return false;
  }
  return true;
}

int log_file() {
  char path[4096];
  const char* base = std::getenv("GRADUS_THROW_LOG");
  if (!base) return -1;
  std::snprintf(path, sizeof path, "%s.%d", base, static_cast<int>(getpid()));
  return open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
}

void note() {
  void* stack[frames + 2];
  const int n = backtrace(stack, frames + 2);
  uint64_t hash = 14695981039346656037ull;
  for (int i = 2; i < n && i < 6; ++i) hash = (hash ^ reinterpret_cast<uintptr_t>(stack[i])) * 1099511628211ull;
  if (!is_new(hash)) return;
  char line[8192];
  size_t at = 0;
  for (int i = 2; i < n; ++i) {
    Dl_info info;
    if (!dladdr(stack[i], &info) || !info.dli_fname) continue;
    // The instruction before the return address is the call.
    const auto offset = reinterpret_cast<uintptr_t>(stack[i]) - reinterpret_cast<uintptr_t>(info.dli_fbase) - 1;
    const int more = std::snprintf(line + at, sizeof line - at, "%s+0x%zx ", info.dli_fname, offset);
    if (more < 0 || at + static_cast<size_t>(more) + 1 >= sizeof line) break;
    at += static_cast<size_t>(more);
  }
  line[at++] = '\n';
  static const int file = log_file();
  if (file >= 0 && write(file, line, at) < 0) std::abort();
}

}  // namespace

extern "C" [[noreturn]] void __cxa_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, std::type_info*, void (*)(void*));
  static const auto real = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  note();
  real(object, type, destroy);
  __builtin_unreachable();
}
