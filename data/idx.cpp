#include "gradus/data/idx.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <vector>

#include "gradus/io/gzip.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace gradus::data {
namespace {

/// What the third byte of the file says of its elements, and the dtype that holds them.
struct ElementType {
  unsigned char code;
  size_t size;
  ScalarType dtype;
};
constexpr std::array<ElementType, 6> kTypes = {
    {{0x08, 1, kByte}, {0x09, 1, kInt}, {0x0B, 2, kInt}, {0x0C, 4, kInt}, {0x0D, 4, kFloat}, {0x0E, 8, kDouble}}};

/// Unsigned integer of the `size` big-endian bytes.
uint64_t big_endian(const unsigned char* bytes, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

/// Decodes n elements; `decode` makes an Out of the bits of one.
template <class Out, class Decode>
void convert(const std::vector<unsigned char>& bytes, size_t size, Tensor& out, Decode decode) {
  Out* to = out.data_ptr<Out>();
  for (size_t i = 0; i < bytes.size(); i += size) *to++ = decode(big_endian(&bytes[i], size));
}

void convert_all(const std::vector<unsigned char>& bytes, const ElementType& type, Tensor& out) {
  switch (type.code) {
    case 0x09:
      return convert<int32_t>(bytes, 1, out, [](uint64_t bits) { return static_cast<int8_t>(bits); });
    case 0x0B:
      return convert<int32_t>(bytes, 2, out, [](uint64_t bits) { return static_cast<int16_t>(bits); });
    case 0x0C:
      return convert<int32_t>(bytes, 4, out, [](uint64_t bits) { return static_cast<int32_t>(bits); });
    case 0x0D:
      return convert<float>(bytes, 4, out,
                            [](uint64_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits)); });
    default:
      return convert<double>(bytes, 8, out, [](uint64_t bits) { return std::bit_cast<double>(bits); });
  }
}

}  // namespace

Tensor read_idx(const std::string& path, io::FileSystem& fs) {
  io::MaybeGzipFile file(path, fs);
  const auto require = [&](bool ok, const auto&... parts) { check(ok, "idx: ", path, ": ", parts...); };
  std::array<unsigned char, 4> magic;
  require(file.read_some(magic.data(), 4) == 4, "truncated: no magic number");
  const ElementType* type = nullptr;
  for (const ElementType& candidate : kTypes)
    if (candidate.code == magic[2]) type = &candidate;
  require(magic[0] == 0 && magic[1] == 0 && type && magic[3] > 0, "not an idx file: its magic number is ",
          big_endian(magic.data(), 4));
  require(magic[3] <= 64, "more than 64 dimensions: ", int{magic[3]});

  std::vector<int64_t> sizes;
  uint64_t bytes = type->size, count = 1;
  bool is_empty = false;
  for (int i = 0; i < magic[3]; ++i) {
    std::array<unsigned char, 4> size;
    require(file.read_some(size.data(), 4) == 4, "truncated: the header ends within the sizes");
    sizes.push_back(static_cast<int64_t>(big_endian(size.data(), 4)));
    is_empty |= sizes.back() == 0;
    // Sizes beside a 0 count too, for the strides of the tensor.
    const auto factor = static_cast<uint64_t>(std::max<int64_t>(sizes.back(), 1));
    require(
        !__builtin_mul_overflow(bytes, factor, &bytes) && bytes <= uint64_t{std::numeric_limits<int64_t>::max()} / 8,
        "its sizes overflow");
    count *= factor;
  }
  if (is_empty) bytes = count = 0;
  const uint64_t header = 4 + 4 * uint64_t{magic[3]};
  require(bytes <= file.max_size() - std::min(header, file.max_size()), "truncated: it claims ", bytes,
          " bytes of data, more than it can hold");

  Tensor result = empty(sizes, type->dtype);
  if (type->code == 0x08) {
    require(file.read_some(result.data_ptr(), bytes) == bytes, "truncated: fewer than the ", bytes, " bytes it claims");
  } else {
    std::vector<unsigned char> raw(bytes);
    require(file.read_some(raw.data(), bytes) == bytes, "truncated: fewer than the ", bytes, " bytes it claims");
    convert_all(raw, *type, result);
  }
  char extra;
  require(file.read_some(&extra, 1) == 0, "trailing bytes after the ", bytes, " of its data");
  return result;
}

}  // namespace gradus::data
