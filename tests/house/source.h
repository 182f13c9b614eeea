// The source tree as the laws of the house look at it.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace house {

/// One .h or .cpp file: `code` is its text with comments and the insides of literals blanked, line for line.
struct Source {
  Source(std::string path, std::string text);
  std::string path;  ///< relative to the root, with '/'
  std::string text;
  std::string code;

  /// The first folder of the path; empty for a file in the root.
  std::string folder() const { return path.find('/') == path.npos ? "" : path.substr(0, path.find('/')); }
  size_t line_of(size_t position) const;
};

/// Every source of the house; build folders and hidden ones aside.
std::vector<Source> read_tree(const std::filesystem::path& root);

/// `text` with comments and the insides of string and character literals blanked; includes keep their names.
std::string blank(std::string_view text);

struct Function {
  std::string head;  ///< what stands before its body
  size_t first = 0, last = 0;
  size_t lines() const { return last - first + 1; }
};

/// The functions with a body, methods and lambdas at namespace scope included; what lies inside counts as theirs.
std::vector<Function> functions(const Source& source);

}  // namespace house
