// Warnings: what deserves a word but no exception. They go to the standard error stream, or to a handler.
#pragma once
#include <cstdint>
#include <string>

#include "gradus/tensor/error.h"

namespace gradus {

struct SourceLocation {
  const char* function;
  const char* file;
  uint32_t line;
};

class Warning {
 public:
  Warning(SourceLocation at, std::string msg) : at_(at), msg_(std::move(msg)) {}
  const SourceLocation& source_location() const noexcept { return at_; }
  const std::string& msg() const noexcept { return msg_; }

 private:
  SourceLocation at_;
  std::string msg_;
};

/// Receives warnings. The default one writes `[W file.cpp:12] Warning: text (function f)`.
class WarningHandler {
 public:
  virtual ~WarningHandler() = default;
  virtual void process(const Warning& warning);
};

namespace WarningUtils {
/// The handler of this thread, which must outlive its use; null puts the default one back.
void set_warning_handler(WarningHandler* handler) noexcept;
WarningHandler* get_warning_handler() noexcept;
}  // namespace WarningUtils

void warn(const Warning& warning);

namespace detail {

template <class... Parts>
void warn_at(const char* function, const char* file, uint32_t line, const Parts&... parts) {
  warn(Warning({function, file, line}, str(parts...)));
}

/// What TORCH_CHECK throws: the parts, or a sentence about the condition where there are none.
template <class E = Error, class... Parts>
[[noreturn, gnu::noinline, gnu::cold]] void condition_failed(const char* condition, const Parts&... parts) {
  if constexpr (sizeof...(parts) == 0)
    throw E(str("Expected ", condition, " to be true, but got false."));
  else
    throw E(str(parts...));
}

template <class... Parts>
[[noreturn, gnu::noinline, gnu::cold]] void assertion_failed(const char* condition, const char* file, uint32_t line,
                                                             const Parts&... parts) {
  throw Error(str(condition, " INTERNAL ASSERT FAILED at \"", file, "\":", line, ", please report a bug. ", parts...));
}

}  // namespace detail
}  // namespace gradus
