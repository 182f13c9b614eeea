#include "gradus/io/archive_text.h"

#include <charconv>
#include <string_view>

#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

using serialize::detail::Entry;
using serialize::detail::Folder;

constexpr const char* kVersion = "gradus.archive";
constexpr const char* kValue = "gradus.value.";
constexpr int kMaxDepth = 128;

// ---- names ----------------------------------------------------------------------------------------------------------

std::string escaped(const std::string& key) {
  std::string name;
  for (const char c : key) {
    if (c == '.')
      name += "%2E";
    else if (c == '%')
      name += "%25";
    else
      name += c;
  }
  // The one name that the format keeps for itself.
  return name == "__metadata__" ? "%5F_metadata__" : name;
}

std::string unescaped(std::string_view name) {
  std::string key;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      key += name[i];
      continue;
    }
    const std::string_view code = name.substr(i + 1, 2);
    check(code == "2E" || code == "25" || code == "5F", "'%' in the name '", name, "' is not followed by 2E, 25 or 5F");
    key += code == "2E" ? '.' : code == "25" ? '%' : '_';
    i += 2;
  }
  check(!key.empty(), "a name in it is empty");
  return key;
}

/// The folder of `path`, made on the way, and the key in it.
std::pair<Folder*, std::string> place_of(Folder& root, std::string_view path) {
  Folder* folder = &root;
  for (int depth = 0;; ++depth) {
    check(depth < kMaxDepth, "folders are more than ", kMaxDepth, " deep");
    const size_t dot = path.find('.');
    const std::string key = unescaped(path.substr(0, dot));
    if (dot == path.npos) return {folder, key};
    folder = &folder->descend(key);
    path.remove_prefix(dot + 1);
  }
}

// ---- values ---------------------------------------------------------------------------------------------------------

std::string text_of(bool v) { return v ? "true" : "false"; }
template <class Number>
std::string text_of(Number v) {
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof text, v).ptr);
}

template <class List>
std::string text_of_all(std::string kind, const List& list) {
  for (const auto& v : list) (kind += ' ') += text_of(static_cast<typename List::value_type>(v));
  return kind;
}

std::string text_of(const IValue& v) {
  if (v.isNone()) return "none";
  if (v.isBool()) return str("bool ", text_of(v.toBool()));
  if (v.isInt()) return str("int ", text_of(v.toInt()));
  if (v.isDouble()) return str("double ", text_of(v.toDouble()));
  if (v.isString()) return str("string ", v.toStringRef());
  if (v.isIntList()) return text_of_all("ints", v.toIntVector());
  if (v.isDoubleList()) return text_of_all("doubles", v.toDoubleVector());
  if (v.isBoolList()) return text_of_all("bools", v.toBoolList());
  std::string text = "strings ";
  for (const std::string& s : v.to<std::vector<std::string>>()) ((text += text_of(s.size())) += ':') += s;
  return text;
}

template <class T>
T parsed(std::string_view text) {
  if constexpr (std::is_same_v<T, bool>) {
    check(text == "true" || text == "false", "'", text, "' is neither true nor false");
    return text == "true";
  } else {
    T v{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), v);
    check(error == std::errc() && end == text.data() + text.size(), "'", text, "' is not a number");
    return v;
  }
}

template <class T>
std::vector<T> parsed_all(std::string_view text) {
  std::vector<T> list;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    list.push_back(parsed<T>(text.substr(0, space)));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return list;
}

std::vector<std::string> parsed_strings(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    check(colon != text.npos, "a string has no length before it");
    const auto length = parsed<uint64_t>(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    check(length <= text.size(), "a string of ", length, " bytes in a text of ", text.size());
    list.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return list;
}

IValue value_of(std::string_view kind, std::string_view text) {
  if (kind == "none") return {};
  if (kind == "undefined") return Tensor();
  if (kind == "bool") return parsed<bool>(text);
  if (kind == "int") return parsed<int64_t>(text);
  if (kind == "double") return parsed<double>(text);
  if (kind == "string") return std::string(text);
  if (kind == "ints") return parsed_all<int64_t>(text);
  if (kind == "doubles") return parsed_all<double>(text);
  if (kind == "bools") return parsed_all<bool>(text);
  if (kind == "strings") return parsed_strings(text);
  fail("'", kind, "' is not a kind of value");
}

// ---- to the file ----------------------------------------------------------------------------------------------------

void write_tensor(SafetensorsFile& file, const std::string& path, const Tensor& t) {
  if (!t.defined()) {
    file.metadata.emplace_back(kValue + path, "undefined");
    return;
  }
  file.tensors.emplace_back(path, t);
  if (t.requires_grad()) file.metadata.emplace_back(kValue + path, "requires_grad");
}

void write_folder(SafetensorsFile& file, const Folder& folder, const std::string& prefix, int depth) {
  check(depth < kMaxDepth, "OutputArchive::save_to: folders are more than ", kMaxDepth, " deep, at ", prefix);
  for (const auto& item : folder.entries) {
    const std::string path = prefix + escaped(item.key());
    const Entry& entry = item.value();
    if (entry.folder) {
      if (entry.folder->entries.is_empty()) file.metadata.emplace_back(kValue + path, "folder");
      write_folder(file, *entry.folder, path + ".", depth + 1);
    } else if (entry.value.isTensor()) {
      write_tensor(file, path, entry.value.toTensor());
    } else if (entry.value.isTensorList()) {
      const std::vector<Tensor>& list = entry.value.toTensorVector();
      file.metadata.emplace_back(kValue + path, str("tensors ", list.size()));
      for (size_t i = 0; i < list.size(); ++i) write_tensor(file, path + "." + text_of(i), list[i]);
    } else {
      file.metadata.emplace_back(kValue + path, text_of(entry.value));
    }
  }
}

// ---- from the file --------------------------------------------------------------------------------------------------

/// A folder of tensors "0", "1", ... becomes one value.
void gather_tensors(Folder& folder, const std::string& key, size_t count) {
  std::vector<Tensor> list;
  if (const Entry* entry = folder.entries.find(key)) {
    check(entry->folder && entry->folder->entries.size() == count, "it does not have ", count, " tensors");
    for (size_t i = 0; i < count; ++i) {
      const Entry* part = entry->folder->entries.find(text_of(i));
      check(part && !part->folder && part->value.isTensor(), "tensor ", i, " is missing");
      list.push_back(part->value.toTensor());
    }
    folder.entries[key] = {std::move(list), nullptr};
  } else {
    check(count == 0, "it does not have ", count, " tensors");
    folder.entries.insert(key, {std::move(list), nullptr});
  }
}

void read_value(Folder& root, std::string_view path, std::string_view row, bool lists) {
  const size_t space = std::min(row.find(' '), row.size());
  const std::string_view kind = row.substr(0, space), text = row.substr(std::min(space + 1, row.size()));
  if ((kind == "tensors") != lists) return;
  const auto [folder, key] = place_of(root, path);
  if (kind == "tensors") {
    gather_tensors(*folder, key, parsed<size_t>(text));
  } else if (kind == "folder") {
    folder->descend(key);
  } else if (kind == "requires_grad") {
    const Entry* entry = folder->entries.find(key);
    check(entry && !entry->folder && entry->value.isTensor(), "there is no such tensor");
    entry->value.toTensor().set_requires_grad(true);
  } else {
    folder->entries.insert(key, {value_of(kind, text), nullptr});
  }
}

}  // namespace

SafetensorsFile file_of(const Folder& folder) {
  SafetensorsFile file;
  file.metadata.emplace_back(kVersion, "1");
  write_folder(file, folder, "", 0);
  return file;
}

std::shared_ptr<Folder> folder_of(const SafetensorsFile& file, const std::string& name) {
  auto root = std::make_shared<Folder>();
  const std::string* at = nullptr;
  try {
    const std::string* version = file.find_metadata(kVersion);
    check(!version || *version == "1", "it is an archive of version ", version ? *version : "", ", expected 1");
    check(!version || file.find_metadata(kChecksum), "its checksum is missing");
    for (const auto& [path, tensor] : file.tensors) {
      at = &path;
      const auto [folder, key] = place_of(*root, path);
      folder->entries.insert(key, {tensor, nullptr});
    }
    // Lists are made of tensors, some of which may be undefined: so they come last.
    for (const bool lists : {false, true})
      for (const auto& [row, text] : file.metadata) {
        at = &row;
        if (row.starts_with(kValue)) read_value(*root, std::string_view(row).substr(13), text, lists);
      }
  } catch (const Error& error) {
    fail("load: ", name, " is not an archive: ", at ? *at + ": " : "", error.what());
  }
  return root;
}

}  // namespace gradus::io
