// Preloaded into a test program: writes from where it throws and what is said, so that throw_sites.py can tell which
// sites no test reaches. Every line of $GRADUS_THROW_LOG.<pid> is one stack, `module+offset` from the inside out, and the
// text of the exception after a tab. Takes no memory of operator new, which tests let fail.
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

namespace {

constexpr int frames = 8;
constexpr size_t longest = 2048;  // characters of a text
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

constexpr uint64_t seed = 14695981039346656037ull, prime = 1099511628211ull;

// What the exception says, empty where it is none of the standard library's.
const char* text_of(void* object, const std::type_info& type) {
  return typeid(std::exception).__do_catch(&type, &object, 1) ? static_cast<std::exception*>(object)->what() : "";
}

void note(const char* text) {
  void* stack[frames + 2];
  const int n = backtrace(stack, frames + 2);
  uint64_t hash = seed;
  for (int i = 2; i < n && i < 6; ++i) hash = (hash ^ reinterpret_cast<uintptr_t>(stack[i])) * prime;
  const size_t length = strnlen(text, longest);
  for (size_t i = 0; i < length; ++i) hash = (hash ^ static_cast<unsigned char>(text[i])) * prime;
  if (!is_new(hash)) return;
  char line[16384];
  size_t at = 0;
  for (int i = 2; i < n; ++i) {
    Dl_info info;
    if (!dladdr(stack[i], &info) || !info.dli_fname) continue;
    // The instruction before the return address is the call.
    const auto offset = reinterpret_cast<uintptr_t>(stack[i]) - reinterpret_cast<uintptr_t>(info.dli_fbase) - 1;
    const int more = std::snprintf(line + at, sizeof line - at, "%s+0x%zx ", info.dli_fname, offset);
    if (more < 0 || at + static_cast<size_t>(more) + longest + 2 >= sizeof line) break;
    at += static_cast<size_t>(more);
  }
  line[at++] = '\t';
  for (size_t i = 0; i < length; ++i) line[at++] = text[i] == '\n' ? ' ' : text[i];
  line[at++] = '\n';
  static const int file = log_file();
  if (file >= 0 && write(file, line, at) < 0) std::abort();
}

}  // namespace

extern "C" [[noreturn]] void __cxa_throw(void* object, std::type_info* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, std::type_info*, void (*)(void*));
  static const auto real = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  note(text_of(object, *type));
  real(object, type, destroy);
  __builtin_unreachable();
}
