// Where the tests find the source tree and the build. Functions rather than macros: a command line without absolute
// paths is the same in every checkout, so that ccache serves one with the objects of another.
#pragma once
#include <string>

namespace paths {

/// The root of the source tree.
std::string source();
/// The folder of the build, in which examples/ holds the programs.
std::string build();

}  // namespace paths
