#include "gradus/tensor/warning.h"

#include <cstring>
#include <iostream>

namespace gradus {
namespace {

thread_local WarningHandler* chosen = nullptr;

WarningHandler& standard() {
  static WarningHandler handler;
  return handler;
}

}  // namespace

void WarningHandler::process(const Warning& warning) {
  const SourceLocation& at = warning.source_location();
  const char* slash = std::strrchr(at.file, '/');
  std::cerr << str("[W ", slash ? slash + 1 : at.file, ":", at.line, "] Warning: ", warning.msg(), " (function ",
                   at.function, ")\n");
}

void WarningUtils::set_warning_handler(WarningHandler* handler) noexcept { chosen = handler; }
WarningHandler* WarningUtils::get_warning_handler() noexcept { return chosen ? chosen : &standard(); }

void warn(const Warning& warning) { WarningUtils::get_warning_handler()->process(warning); }

}  // namespace gradus
