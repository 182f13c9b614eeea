// safetensors files: named tensors and strings, readable by Python's safetensors and by us, written atomically.
// Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gradus/io/atomic_file.h"
#include "gradus/io/file_system.h"
#include "gradus/io/safetensors_header.h"
#include "gradus/tensor/tensor.h"

namespace gradus::io {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// The content of a file.
struct SafetensorsFile {
  NamedTensors tensors;  ///< in the order in which they were saved
  StringPairs metadata;

  /// Null if there is none of that name.
  const Tensor* find_tensor(const std::string& name) const;
  const std::string* find_metadata(const std::string& key) const;
};

/// The key of the metadata under which the checksum lies.
inline constexpr const char* kChecksum = "gradus.crc32";

/// Saves tensors of every dtype, with a CRC-32 of everything in the metadata. Written by io::AtomicFile: whatever
/// fails, the file that was there stays. Throws Error on names that occur twice and on dtypes that have no place in the
/// file.
void save_safetensors(const std::string& path, const NamedTensors& tensors, const StringPairs& metadata = {},
                      FileSystem& fs = FileSystem::real(), KeepPrevious keep = KeepPrevious::yes);

/// Loads the whole file or throws Error `safetensors: path: reason`; sizes, places and dtypes are checked before memory
/// is taken for them, and the checksum where there is one.
SafetensorsFile load_safetensors(const std::string& path, FileSystem& fs = FileSystem::real());

/// Takes all n bytes or throws.
using ByteSink = std::function<void(const void* bytes, size_t n)>;
/// `size` bytes to be read in order, each read of exactly n; `name` is what errors call it.
struct ByteSource {
  std::function<void(void* bytes, size_t n)> read;
  uint64_t size;
  std::string name;
};

/// The same to and from anything that takes and gives bytes.
void write_safetensors(const ByteSink& write, const NamedTensors& tensors, const StringPairs& metadata = {});
SafetensorsFile read_safetensors(const ByteSource& source);

}  // namespace gradus::io
