#include "gradus/autograd/anomaly.h"

#include <cxxabi.h>
#include <execinfo.h>

#include <cstdlib>
#include <memory>

#include "gradus/autograd/node.h"
#include "gradus/tensor/warning.h"

namespace gradus::autograd {
namespace {

// "file(mangled+0x12) [0x34]" with the function's name as it was written.
std::string readable(const char* symbol) {
  std::string s = symbol;
  const size_t open = s.find('('), plus = s.find('+', open == s.npos ? 0 : open);
  if (open == s.npos || plus == s.npos || plus == open + 1) return s;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(s.substr(open + 1, plus - open - 1).c_str(), nullptr, nullptr, nullptr), std::free);
  return name ? s.substr(0, open + 1) + name.get() + s.substr(plus) : s;
}

}  // namespace

void AnomalyMode::set_enabled(bool on, bool check_nan) {
  enabled_.store(on);
  check_nan_.store(check_nan);
}

DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : before_(AnomalyMode::is_enabled()), check_before_(AnomalyMode::should_check_nan()) {
  AnomalyMode::set_enabled(true, check_nan);
}

DetectAnomalyGuard::~DetectAnomalyGuard() { AnomalyMode::set_enabled(before_, check_before_); }

std::string detail::calls() {
  constexpr int most = 48;
  void* frames[most];
  const int n = backtrace(frames, most);
  const std::unique_ptr<char*, void (*)(void*)> symbols(backtrace_symbols(frames, n), std::free);
  std::string r;
  for (int i = 2; symbols && i < n; ++i) r += "  " + readable(symbols.get()[i]) + "\n";  // the first two are ours
  return r;
}

void detail::report_anomaly(const Node& node) {
  const std::string text = node.place ? str("Error detected in ", node.name(),
                                            ". Traceback of forward call that caused the error:\n", *node.place)
                                      : str("Error detected in ", node.name(),
                                            ". No forward pass information available. Enable detect anomaly during "
                                            "forward pass for more information.");
  warn(Warning({"backward", "autograd/engine.cpp", 0}, text));
}

}  // namespace gradus::autograd
