#include "gradus/tests/house/source.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>

namespace house {
namespace {

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The end of a literal or comment that begins at `i`, or `i` when there is none; `keep` is what stays at both ends.
size_t skip(std::string_view text, size_t i, size_t& keep) {
  const auto rest = text.substr(i);
  auto after = [&](size_t at, size_t n) { return at == text.npos ? text.size() : at + n; };
  keep = 0;
  if (rest.starts_with("//")) return after(text.find('\n', i), 0);
  if (rest.starts_with("/*")) return after(text.find("*/", i + 2), 2);
  if (rest.starts_with("R\"") && (i == 0 || !word(text[i - 1]))) {
    const size_t open = text.find('(', i);
    const std::string close = ")" + std::string(text.substr(i + 2, open - i - 2)) + "\"";
    return after(text.find(close, open), close.size());
  }
  const bool quote = text[i] == '"', tick = text[i] == '\'' && (i == 0 || !word(text[i - 1]));
  if (!quote && !tick) return i;
  keep = 1;
  size_t end = i + 1;
  while (end < text.size() && text[end] != text[i] && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

// A head without its `template <...>` parts and attributes: what is left starts with the declaration.
std::string declaration(const std::string& head) {
  std::string s = std::regex_replace(head, std::regex(R"(\[\[[^\]]*\]\])"), " ");
  for (size_t at; (at = s.find("template")) != s.npos;) {
    size_t end = s.find('<', at);
    if (end == s.npos) break;
    for (int depth = 0; end < s.size(); ++end) {
      depth += s[end] == '<' ? 1 : s[end] == '>' && s[end - 1] != '-' ? -1 : 0;
      if (depth == 0) break;
    }
    s.erase(at, end + 1 - at);
  }
  return s;
}

bool is_function(const std::string& head) {
  static const std::regex type(
      R"(^\s*(inline\s+|static\s+|constexpr\s+|typedef\s+)*(namespace|class|struct|union|enum|extern\s*"\s*")\b)");
  static const std::regex initializer(R"((^|[^=!<>+\-*/%&|^])=\s*$)");
  const std::string plain = declaration(head);
  return plain.find('(') != plain.npos && !std::regex_search(plain, type) && !std::regex_search(plain, initializer);
}

// Preprocessor lines go, with their continuations: an #include before a function is no part of its head.
std::string without_directives(const std::string& code) {
  std::string rest = code;
  bool directive = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const bool line_start = i == 0 || code[i - 1] == '\n';
    const bool continued = line_start && i > 1 && code[i - 2] == '\\';
    if (line_start && !continued) {
      const size_t first = code.find_first_not_of(" \t", i);
      directive = first != code.npos && code[first] == '#';
    }
    if (directive && code[i] != '\n') rest[i] = ' ';
  }
  return rest;
}

}  // namespace

Source::Source(std::string path, std::string text)
    : path(std::move(path)), text(std::move(text)), code(blank(this->text)) {}

size_t Source::line_of(size_t position) const {
  return 1 + static_cast<size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

std::string blank(std::string_view text) {
  std::string code(text);
  for (size_t i = 0; i < text.size();) {
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (line_start && text.substr(i).starts_with("#include")) {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    size_t keep = 0;
    const size_t end = skip(text, i, keep);
    for (size_t j = i + keep; j + keep < end; ++j) {
      if (code[j] != '\n') code[j] = ' ';
    }
    i = std::max(end, i + 1);
  }
  return code;
}

std::vector<Source> read_tree(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  std::vector<Source> sources;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    const fs::path& path = it->path();
    const std::string name = path.filename().string();
    if (it->is_directory() && (name[0] == '.' || (it.depth() == 0 && (name == "build" || name == "out")))) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file() && (path.extension() == ".h" || path.extension() == ".cpp")) {
      std::ostringstream text;
      text << std::ifstream(path, std::ios::binary).rdbuf();
      sources.emplace_back(path.lexically_relative(root).generic_string(), std::move(text).str());
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

std::vector<Function> functions(const Source& source) {
  const std::string code = without_directives(source.code);
  std::vector<size_t> open, close(code.size(), code.size());
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '{') open.push_back(i);
    if (code[i] == '}' && !open.empty()) {
      close[open.back()] = i;
      open.pop_back();
    }
  }
  auto line_of = [&](size_t at) {
    return 1 + static_cast<size_t>(std::count(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  };
  std::vector<Function> found;
  size_t start = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == ';' || code[i] == '}') start = i + 1;
    if (code[i] != '{') continue;
    const std::string head = code.substr(start, i - start);
    const size_t next = std::min(code.find_first_not_of(" \t\n", close[i] + 1), code.size());
    if (next < code.size() && close[i] < code.size() && (code[next] == ',' || code[next] == '{')) {
      i = close[i];  // a member's initializer: the head goes on behind it
    } else if (is_function(head)) {
      const size_t first = head.find_first_not_of(" \t\n");
      const size_t end = std::min(close[i], code.size() - 1);
      found.push_back({head.substr(first), line_of(start + first), line_of(end)});
      i = end;
      start = i + 1;
    } else {
      start = i + 1;
    }
  }
  return found;
}

}  // namespace house
