#include "gradus/tests/house/laws.h"

#include <algorithm>
#include <map>
#include <regex>

namespace house {
namespace {

// The floor on which a folder lies; data/ reads its files through io/. At the top everything may use everything.
constexpr int top = 6;
int floor_of(const std::string& folder) {
  static const std::map<std::string, int> floors = {
      {"tensor", 0}, {"autograd", 1}, {"nn", 2},         {"optim", 2},   {"io", 3},          {"data", 4},
      {"", 5},       {"compat", 5},   {"examples", top}, {"tests", top}, {"benchmarks", top}};
  const auto it = floors.find(folder);
  return it == floors.end() ? -1 : it->second;
}

bool is_library(const Source& source) { return floor_of(source.folder()) < top; }

std::string at(const Source& source, size_t position, const std::string& what) {
  return source.path + ":" + std::to_string(source.line_of(position)) + ": " + what;
}

void find_all(const Source& source, const std::string& pattern, const std::string& what, Violations& found) {
  const std::regex regex(pattern);
  for (std::sregex_iterator it(source.code.begin(), source.code.end(), regex), end; it != end; ++it) {
    found.push_back(at(source, static_cast<size_t>(it->position()), what + ": " + it->str()));
  }
}

}  // namespace

Violations includes_only_below(const Source& source) {
  static const std::regex include(R"((?:^|\n)[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">])");
  Violations found;
  const int own = floor_of(source.folder());
  if (own < 0) found.push_back(source.path + ": lies in a folder that the house does not have");
  for (std::sregex_iterator it(source.code.begin(), source.code.end(), include), end; it != end; ++it) {
    const std::string name = (*it)[2];
    const auto position = static_cast<size_t>(it->position(2));
    if (!name.starts_with("gradus/")) {
      if ((*it)[1] == "\"" && own < top)
        found.push_back(at(source, position, "included not as gradus/<folder>/<file>: " + name));
      continue;
    }
    const size_t slash = name.find('/', 7);
    const std::string folder = slash == name.npos ? "" : name.substr(7, slash - 7);
    const int other = floor_of(folder);
    // gradus.h is made of the whole library, and compat/ of gradus.h.
    const bool beside = other == own && folder != source.folder() && own != top;
    const bool allowed = other >= 0 && other <= own && !beside;
    if (!allowed && !(source.folder() == "compat" && folder.empty())) {
      found.push_back(at(source, position, source.folder() + "/ includes what does not lie below it: " + name));
    }
  }
  return found;
}

Violations no_raw_pointers(const Source& source) {
  static const std::vector<std::string> allowed = {
      "tensor/kernels/", "io/", "data/", "tensor/tensor.", "tensor/storage.", "tensor/allocator"};
  Violations found;
  if (!is_library(source)) return found;
  if (std::any_of(allowed.begin(), allowed.end(), [&](const auto& p) { return source.path.starts_with(p); }))
    return found;
  find_all(source, R"(\b(mutable_|const_)?data_ptr\b|\bdata<)", "a raw data pointer outside of the kernels", found);
  return found;
}

Violations records_no_nodes(const Source& source) {
  Violations found;
  if (!is_library(source) || source.folder() == "autograd" || source.folder().empty()) return found;
  find_all(source, R"(#include [<"]gradus/autograd/(record|node)\.h[>"])", "recording outside of autograd/", found);
  find_all(source, R"(\b(unary|binary|record|fused)\s*\(\s*")", "an operation recorded outside of autograd/", found);
  find_all(source, R"(\b(make_shared|make_unique|make_intrusive|new)\b\s*<?\s*(\w+::)*\w*Node\b)",
           "a node made outside of autograd/", found);
  return found;
}

Violations is_short(const Source& source) {
  Violations found;
  static const std::regex table(R"(^tests/.*(table|/rows_)[^/]*$)");
  if (std::regex_search(source.path, table)) return found;
  const size_t lines = source.line_of(source.text.size()) - (source.text.ends_with('\n') ? 1 : 0);
  if (lines >= 600) found.push_back(source.path + ": " + std::to_string(lines) + " lines: it has two topics");
  for (const Function& f : functions(source)) {
    if (f.lines() < 60) continue;
    found.push_back(source.path + ":" + std::to_string(f.first) + ": a function of " + std::to_string(f.lines()) +
                    " lines: " + f.head.substr(0, f.head.find('\n')));
  }
  return found;
}

Violations is_clean_header(const Source& source) {
  Violations found;
  if (!source.path.ends_with(".h")) return found;
  if (source.code.find("#pragma once\n") == std::string::npos) found.push_back(source.path + ": no #pragma once");
  find_all(source, R"((^|\n)using namespace )", "using namespace in a header", found);
  return found;
}

}  // namespace house
