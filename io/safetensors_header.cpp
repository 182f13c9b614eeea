#include "gradus/io/safetensors_header.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <tuple>

#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

constexpr const char* kMetadata = "__metadata__";
constexpr size_t kMaxDims = 64;

/// Takes the header token by token, so that nothing is built of a header that has another form than the format's:
/// {"__metadata__": {string: string}, name: {"dtype": string, "shape": [n...], "data_offsets": [begin, end]}}.
class HeaderReader {
 public:
  HeaderReader(SafetensorsHeader& header, const std::string& path) : header_(header), path_(path) {}

  bool null() { return refuse("null"); }
  bool boolean(bool) { return refuse("a boolean"); }
  bool number_integer(int64_t) { return refuse("a negative number"); }
  bool number_float(double, const std::string&) { return refuse("a number that is no 64-bit integer"); }
  bool binary(std::vector<uint8_t>&) { return refuse("binary data"); }

  bool number_unsigned(uint64_t value) {
    if (place_ != Place::kArray) return refuse("a number");
    SafetensorsEntry& entry = header_.entries.back();
    if (key_ == "shape") {
      require(value <= uint64_t{std::numeric_limits<int64_t>::max()}, "a size of ", entry.name, " overflows: ", value);
      require(entry.shape.size() < kMaxDims, entry.name, " has more than ", kMaxDims, " dimensions");
      entry.shape.push_back(static_cast<int64_t>(value));
    } else {
      require(offsets_ < 2, "data_offsets of ", entry.name, " must be two numbers");
      (offsets_++ == 0 ? entry.begin : entry.end) = value;
    }
    return true;
  }

  bool string(std::string& value) {
    if (place_ == Place::kMetadata) {
      header_.metadata.emplace_back(key_, value);
    } else if (place_ == Place::kEntry && key_ == "dtype") {
      require(safetensors_element_size(value) != 0, header_.entries.back().name, " has unknown dtype '", value, "'");
      header_.entries.back().dtype = value;
    } else {
      return refuse("a string");
    }
    return true;
  }

  bool key(std::string& name) {
    require((place_ == Place::kEntry      ? fields_
             : place_ == Place::kMetadata ? metadata_keys_
                                          : names_)
                .insert(name)
                .second,
            "key '", name, "' occurs twice");
    if (place_ == Place::kEntry)
      require(name == "dtype" || name == "shape" || name == "data_offsets", "tensor ", header_.entries.back().name,
              " has unknown field '", name, "'");
    key_ = name;
    return true;
  }

  bool start_object(size_t) {
    if (place_ == Place::kStart) {
      place_ = Place::kTop;
    } else if (place_ == Place::kTop && key_ == kMetadata) {
      place_ = Place::kMetadata;
    } else if (place_ == Place::kTop) {
      place_ = Place::kEntry;
      fields_.clear();
      offsets_ = 0;
      header_.entries.emplace_back().name = key_;
    } else {
      return refuse("an object");
    }
    return true;
  }

  bool end_object() {
    if (place_ == Place::kEntry)
      require(fields_.size() == 3 && offsets_ == 2, "tensor ", header_.entries.back().name,
              " needs dtype, shape and two data_offsets");
    place_ = place_ == Place::kTop ? Place::kEnd : Place::kTop;
    return true;
  }

  bool start_array(size_t) {
    if (place_ != Place::kEntry || (key_ != "shape" && key_ != "data_offsets")) return refuse("an array");
    place_ = Place::kArray;
    return true;
  }

  bool end_array() {
    place_ = Place::kEntry;
    return true;
  }

  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception& error) {
    fail("safetensors: ", path_, ": header is not valid JSON at byte ", position, ": ", error.what());
  }

 private:
  enum class Place { kStart, kTop, kMetadata, kEntry, kArray, kEnd };

  template <class... Parts>
  void require(bool ok, const Parts&... parts) {
    check(ok, "safetensors: ", path_, ": ", parts...);
  }
  bool refuse(const char* what) {
    fail("safetensors: ", path_, ": header has ", what, " where none may be (after key '", key_, "')");
  }

  SafetensorsHeader& header_;
  const std::string& path_;
  Place place_ = Place::kStart;
  std::string key_;
  std::set<std::string> names_, metadata_keys_, fields_;
  int offsets_ = 0;
};

/// Bytes of a tensor; also refuses shapes whose strides would overflow although a size 0 makes the product 0.
uint64_t byte_size(const SafetensorsEntry& entry, const std::string& path) {
  uint64_t bytes = safetensors_element_size(entry.dtype);
  bool is_empty = false;
  for (const int64_t size : entry.shape) {
    is_empty |= size == 0;
    check(!__builtin_mul_overflow(bytes, static_cast<uint64_t>(std::max<int64_t>(size, 1)), &bytes) &&
              bytes <= uint64_t{std::numeric_limits<int64_t>::max()},
          "safetensors: ", path, ": the shape of ", entry.name, " overflows");
  }
  return is_empty ? 0 : bytes;
}

std::vector<const SafetensorsEntry*> by_place(const SafetensorsHeader& header) {
  std::vector<const SafetensorsEntry*> order;
  for (const SafetensorsEntry& entry : header.entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const SafetensorsEntry* a, const SafetensorsEntry* b) {
    return std::tie(a->begin, a->end, a->name) < std::tie(b->begin, b->end, b->name);
  });
  return order;
}

}  // namespace

uint64_t safetensors_element_size(std::string_view dtype) {
  static constexpr std::pair<std::string_view, uint64_t> kSizes[] = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2},
      {"I32", 4},  {"U32", 4}, {"F32", 4}, {"I64", 8}, {"U64", 8}, {"F64", 8}};
  for (const auto& [name, size] : kSizes)
    if (name == dtype) return size;
  return 0;
}

SafetensorsHeader parse_safetensors_header(std::string_view json, uint64_t data_size, const std::string& path) {
  check(!json.empty() && json.front() == '{', "safetensors: ", path, ": header does not begin with '{'");
  // The parser takes a NUL for the end of its input and would ignore what follows.
  check(json.find('\0') == json.npos, "safetensors: ", path, ": header is not valid JSON: it has a NUL byte");
  SafetensorsHeader header;
  HeaderReader reader(header, path);
  nlohmann::json::sax_parse(json.begin(), json.end(), &reader);

  uint64_t position = 0;
  for (const SafetensorsEntry* entry : by_place(header)) {
    const uint64_t bytes = byte_size(*entry, path);
    check(entry->begin <= entry->end && entry->end - entry->begin == bytes, "safetensors: ", path, ": tensor ",
          entry->name, " needs ", bytes, " bytes, got data_offsets [", entry->begin, ", ", entry->end, "]");
    check(entry->begin == position, "safetensors: ", path, ": tensor ", entry->name,
          entry->begin < position ? " overlaps the one before it" : " leaves a hole before it", ": it begins at ",
          entry->begin, ", expected ", position);
    check(entry->end <= data_size, "safetensors: ", path, ": tensor ", entry->name, " ends at ", entry->end,
          " of a data section of ", data_size, " bytes");
    position = entry->end;
  }
  check(position == data_size, "safetensors: ", path, ": tensors fill ", position, " of ", data_size,
        " bytes of the data section");
  return header;
}

std::string format_safetensors_header(const SafetensorsHeader& header) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  // Appended rather than looked up by key, which in an ordered object costs a search each.
  auto& items = json.get_ref<nlohmann::ordered_json::object_t&>();
  if (!header.metadata.empty()) {
    nlohmann::ordered_json metadata = nlohmann::ordered_json::object();
    auto& pairs = metadata.get_ref<nlohmann::ordered_json::object_t&>();
    for (const auto& [key, value] : header.metadata) pairs.emplace_back(key, value);
    items.emplace_back(kMetadata, std::move(metadata));
  }
  for (const SafetensorsEntry& entry : header.entries)
    items.emplace_back(entry.name,
                       nlohmann::ordered_json{
                           {"dtype", entry.dtype}, {"shape", entry.shape}, {"data_offsets", {entry.begin, entry.end}}});
  std::string text;
  try {
    text = json.dump();
  } catch (const nlohmann::json::exception& error) {
    fail("safetensors: names and metadata must be UTF-8: ", error.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

uint32_t safetensors_crc(const SafetensorsHeader& header, const std::vector<uint32_t>& data_crcs,
                         std::string_view skip_key) {
  uLong crc = crc32_z(0, nullptr, 0);
  const auto add_number = [&](uint64_t value) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
    crc = crc32_z(crc, bytes, sizeof bytes);
  };
  const auto add_text = [&](const std::string& text) {
    add_number(text.size());
    crc = crc32_z(crc, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  std::vector<size_t> by_name(header.entries.size());
  std::iota(by_name.begin(), by_name.end(), size_t{0});
  std::sort(by_name.begin(), by_name.end(),
            [&](size_t a, size_t b) { return header.entries[a].name < header.entries[b].name; });
  for (const size_t i : by_name) {
    const SafetensorsEntry& entry = header.entries[i];
    add_text(entry.name);
    add_text(entry.dtype);
    add_number(entry.shape.size());
    for (const int64_t size : entry.shape) add_number(static_cast<uint64_t>(size));
    add_number(data_crcs[i]);
  }
  StringPairs metadata = header.metadata;
  std::sort(metadata.begin(), metadata.end());
  for (const auto& [key, value] : metadata) {
    if (key == skip_key) continue;
    add_text(key);
    add_text(value);
  }
  return static_cast<uint32_t>(crc);
}

}  // namespace gradus::io
