// What this build of the library is made of and what it found on this machine.
#pragma once
#include <string>

namespace gradus {

/// Several lines: version; instruction set in use and those that this processor offers; oneDNN's version or none;
/// threads and OpenMP. For reports of problems and of measurements.
std::string show_config();

}  // namespace gradus
