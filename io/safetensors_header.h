// The JSON header of a safetensors file, parsed and checked before a byte of it is believed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradus::io {

/// One tensor of the file; its bytes are [begin, end) of the data section, row-major, little-endian.
struct SafetensorsEntry {
  std::string name, dtype;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

using StringPairs = std::vector<std::pair<std::string, std::string>>;

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of the file
  StringPairs metadata;
};

/// Bytes of one element of dtype "F32", "I64", ...; 0 for a name that the format does not know.
uint64_t safetensors_element_size(std::string_view dtype);

/// Parses the header and checks that its tensors fill the data section of `data_size` bytes without overlap or hole and
/// that each has as many bytes as its dtype and shape say. Throws Error `safetensors: path: rule broken`.
SafetensorsHeader parse_safetensors_header(std::string_view json, uint64_t data_size, const std::string& path);

/// The header as JSON, padded with spaces to a multiple of 8 bytes.
std::string format_safetensors_header(const SafetensorsHeader& header);

/// CRC-32 of the names, dtypes, shapes and metadata (`skip_key` aside) and of `data_crcs`, those of the tensors' bytes.
/// Places, order and spelling do not enter, so that another program may write the same content its own way.
uint32_t safetensors_crc(const SafetensorsHeader& header, const std::vector<uint32_t>& data_crcs,
                         std::string_view skip_key);

}  // namespace gradus::io
