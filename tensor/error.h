// Errors: every misuse throws gradus::Error with `operation: the rule that failed, got these shapes`.
#pragma once
#include <exception>
#include <sstream>
#include <string>

namespace gradus {

/// The one exception of the library (`c10::Error` for ported programs).
class Error : public std::exception {
 public:
  explicit Error(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }
  const char* what_without_backtrace() const noexcept { return text_.c_str(); }
  const std::string& msg() const noexcept { return text_; }

 private:
  std::string text_;
};

/// An index outside of a tensor or container.
class IndexError : public Error {
 public:
  using Error::Error;
};

/// Concatenates everything that prints to a stream.
template <class... Parts>
std::string str(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

template <class... Parts>
[[noreturn, gnu::noinline, gnu::cold]] void fail(const Parts&... parts) {
  throw Error(str(parts...));
}

/// Throws Error with this text.
[[noreturn]] void fail_with(const char* text);

/// Throws Error with the concatenated parts unless `ok`.
template <class... Parts>
inline void check(bool ok, const Parts&... parts) {
  if (!ok) [[unlikely]]
    fail(parts...);
}

template <size_t N>
inline void check(bool ok, const char (&text)[N]) {
  if (!ok) [[unlikely]]
    fail_with(text);
}

/// As `check`, for indices: throws IndexError.
template <class... Parts>
inline void check_index(bool ok, const Parts&... parts) {
  if (!ok) [[unlikely]]
    throw IndexError(str(parts...));
}

}  // namespace gradus
