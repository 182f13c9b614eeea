// The laws of the house: each returns the violations in one file, as `path:line: what`.
#pragma once
#include <string>
#include <vector>

#include "gradus/tests/house/source.h"

namespace house {

using Violations = std::vector<std::string>;

/// A folder includes nothing above it, nothing beside it, and its own files only as gradus/<folder>/<file>.
Violations includes_only_below(const Source& source);
/// Raw data pointers stay in tensor/kernels/, io/ and data/, and where the tensor declares them.
Violations no_raw_pointers(const Source& source);
/// Nodes are recorded only in autograd/.
Violations records_no_nodes(const Source& source);
/// Files stay under 600 lines and functions under 60, test tables aside.
Violations is_short(const Source& source);
/// No `using namespace` in headers, `#pragma once` in each.
Violations is_clean_header(const Source& source);

}  // namespace house
