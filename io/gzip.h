// Reading files that may be gzipped (told by their first two bytes), without trusting what they claim.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "gradus/io/file_system.h"

namespace gradus::io {

/// The content of a file, plain or gzip, as a stream. Corrupt or truncated gzip data, a wrong checksum or length, and
/// bytes after the end that are no further gzip member throw Error with the path.
class MaybeGzipFile {
 public:
  explicit MaybeGzipFile(const std::string& path, FileSystem& fs = FileSystem::real());
  ~MaybeGzipFile();

  bool is_gzip() const;
  /// Size of the content: exact for a plain file, for gzip the most that so many bytes can expand to.
  uint64_t max_size() const;
  /// Reads up to n bytes; fewer only at the end, which is reached only if the checksums were right.
  size_t read_some(void* bytes, size_t n);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole content, plain or gzip; throws once it exceeds max_bytes.
std::string read_maybe_gzip(const std::string& path, uint64_t max_bytes, FileSystem& fs = FileSystem::real());

}  // namespace gradus::io
