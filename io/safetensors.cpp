#include "gradus/io/safetensors.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <numeric>
#include <unordered_set>

#include "gradus/io/atomic_file.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace gradus::io {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the format is little-endian, and so are its bytes in memory");

constexpr uint64_t kMaxHeader = 100'000'000;  // as in the reference implementation
constexpr uint32_t kZip = 0x04034b50;         // the first bytes of a zip archive, "PK\3\4"

constexpr std::array<std::pair<const char*, ScalarType>, 10> kDtypes = {{{"F32", kFloat},
                                                                         {"F64", kDouble},
                                                                         {"F16", kHalf},
                                                                         {"BF16", kBFloat16},
                                                                         {"I64", kLong},
                                                                         {"I32", kInt},
                                                                         {"I16", kShort},
                                                                         {"I8", kChar},
                                                                         {"U8", kByte},
                                                                         {"BOOL", kBool}}};

const char* dtype_name(const std::string& name, const Tensor& tensor) {
  for (const auto& [word, type] : kDtypes)
    if (tensor.defined() && tensor.scalar_type() == type) return word;
  fail("save_safetensors: tensor ", name, " is undefined, or of a type that the format does not have");
}

ScalarType dtype_of(const std::string& path, const SafetensorsEntry& entry) {
  for (const auto& [name, type] : kDtypes)
    if (entry.dtype == name) return type;
  fail("safetensors: ", path, ": tensor ", entry.name, " has dtype ", entry.dtype, ", which is not supported");
}

std::string hex(uint32_t value) {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", value);
  return text;
}

const Bytef* bytes_of(const Tensor& tensor) { return static_cast<const Bytef*>(tensor.data_ptr()); }

uint32_t crc_of(const Tensor& tensor) {
  return tensor.nbytes() == 0 ? 0 : static_cast<uint32_t>(crc32_z(0, bytes_of(tensor), tensor.nbytes()));
}

/// Positions of the tensors by element size, largest first: so all are aligned, without holes between them.
std::vector<size_t> aligned_order(const std::vector<SafetensorsEntry>& entries) {
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return safetensors_element_size(entries[a].dtype) > safetensors_element_size(entries[b].dtype);
  });
  return order;
}

SafetensorsHeader make_header(const NamedTensors& tensors, const StringPairs& metadata) {
  SafetensorsHeader header;
  std::unordered_set<std::string> names;
  for (const auto& [name, tensor] : tensors) {
    check(name != "__metadata__" && names.insert(name).second, "save_safetensors: tensor name '", name,
          names.count(name) ? "' occurs twice" : "' is reserved");
    header.entries.push_back({name, dtype_name(name, tensor), tensor.sizes().vec(), 0, 0});
  }
  names.clear();
  for (const auto& pair : metadata) {
    check(names.insert(pair.first).second, "save_safetensors: metadata key '", pair.first, "' occurs twice");
    if (pair.first != kChecksum) header.metadata.push_back(pair);
  }
  uint64_t position = 0;
  for (const size_t i : aligned_order(header.entries)) {
    header.entries[i].begin = position;
    position += tensors[i].second.nbytes();
    header.entries[i].end = position;
  }
  return header;
}

/// Entries in the order of their bytes in the file.
std::vector<size_t> file_order(const std::vector<SafetensorsEntry>& entries) {
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(entries[a].begin, entries[a].end) < std::pair(entries[b].begin, entries[b].end);
  });
  return order;
}

SafetensorsHeader read_header(const ByteSource& file) {
  const std::string& path = file.name;
  check(file.size >= 8, "safetensors: ", path, " is truncated: it has ", file.size, " bytes, the format needs 8");
  std::array<unsigned char, 8> prefix;
  file.read(prefix.data(), prefix.size());
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | prefix[static_cast<size_t>(i)];
  check(length <= kMaxHeader || static_cast<uint32_t>(length) != kZip, "safetensors: ", path,
        " is a zip archive, as PyTorch writes them; save it with Python's safetensors");
  check(length <= kMaxHeader, "safetensors: ", path, ": header of ", length, " bytes, more than the allowed ",
        kMaxHeader);
  check(length <= file.size - 8, "safetensors: ", path, " is truncated: header of ", length, " bytes in a file of ",
        file.size);
  std::string json(length, '\0');
  file.read(json.data(), json.size());
  return parse_safetensors_header(json, file.size - 8 - length, path);
}

}  // namespace

const Tensor* SafetensorsFile::find_tensor(const std::string& name) const {
  for (const auto& [key, tensor] : tensors)
    if (key == name) return &tensor;
  return nullptr;
}

const std::string* SafetensorsFile::find_metadata(const std::string& key) const {
  for (const auto& [name, value] : metadata)
    if (name == key) return &value;
  return nullptr;
}

void write_safetensors(const ByteSink& write, const NamedTensors& tensors, const StringPairs& metadata) {
  SafetensorsHeader header = make_header(tensors, metadata);
  const std::vector<size_t> order = file_order(header.entries);
  NamedTensors rows;
  std::vector<uint32_t> crcs;
  for (const auto& [name, tensor] : tensors) {
    rows.emplace_back(name, tensor.detach().contiguous());
    crcs.push_back(crc_of(rows.back().second));
  }
  header.metadata.emplace_back(kChecksum, hex(safetensors_crc(header, crcs, kChecksum)));

  const std::string json = format_safetensors_header(header);
  check(json.size() <= kMaxHeader, "save_safetensors: header of ", json.size(), " bytes is too large");
  std::array<unsigned char, 8> prefix;
  for (size_t i = 0; i < 8; ++i) prefix[i] = static_cast<unsigned char>(uint64_t{json.size()} >> (8 * i));
  write(prefix.data(), prefix.size());
  write(json.data(), json.size());
  for (const size_t i : order) write(rows[i].second.data_ptr(), rows[i].second.nbytes());
}

void save_safetensors(const std::string& path, const NamedTensors& tensors, const StringPairs& metadata, FileSystem& fs,
                      KeepPrevious keep) {
  write_atomically(
      path,
      [&](AtomicFile& file) {
        write_safetensors([&](const void* bytes, size_t n) { file.write(bytes, n); }, tensors, metadata);
      },
      fs, keep);
}

SafetensorsFile load_safetensors(const std::string& path, FileSystem& fs) {
  InputFile file(path, fs);
  return read_safetensors({[&](void* bytes, size_t n) { file.read(bytes, n); }, file.size(), path});
}

SafetensorsFile read_safetensors(const ByteSource& file) {
  const std::string& path = file.name;
  const SafetensorsHeader header = read_header(file);
  SafetensorsFile result;
  result.metadata = header.metadata;
  for (const SafetensorsEntry& entry : header.entries) dtype_of(path, entry);
  for (const SafetensorsEntry& entry : header.entries)
    result.tensors.emplace_back(entry.name, empty(entry.shape, dtype_of(path, entry)));

  std::vector<uint32_t> crcs(header.entries.size());
  for (const size_t i : file_order(header.entries)) {
    const Tensor& tensor = result.tensors[i].second;
    if (tensor.nbytes() > 0) file.read(tensor.data_ptr(), tensor.nbytes());
    crcs[i] = crc_of(tensor);
    if (tensor.scalar_type() == kBool)
      check(std::all_of(bytes_of(tensor), bytes_of(tensor) + tensor.nbytes(), [](Bytef byte) { return byte <= 1; }),
            "safetensors: ", path, ": tensor ", header.entries[i].name, " has a BOOL that is neither 0 nor 1");
  }
  const std::string* expected = result.find_metadata(kChecksum);
  const std::string found = hex(safetensors_crc(header, crcs, kChecksum));
  check(!expected || *expected == found, "safetensors: ", path, ": checksum differs, the file is damaged: got ", found,
        ", expected ", expected ? *expected : "");
  return result;
}

}  // namespace gradus::io
