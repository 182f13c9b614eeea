// Saving without loss: whoever looks at the path, at any moment and after any crash, finds an old or a new whole file.
#pragma once
#include <functional>
#include <string>

#include "gradus/io/file_system.h"

namespace gradus::io {

/// Name under which write_atomically keeps the file that it replaces.
std::string previous_path(const std::string& path);

/// Whether the file that was there is kept as `<path>.previous`.
enum class KeepPrevious : bool { no, yes };

/// A file that appears under `path` only when committed: written beside it as `<path>.tmp`, made durable (fsync), the
/// file there so far kept as `<path>.previous`, then renamed, and the folder made durable. At every moment `path` or
/// `<path>.previous` names a whole file (where the file system has hard links, or nothing is kept, `path` itself does).
/// Dropped before commit, or on any failure, it removes the temporary file and leaves what was there. Two writers of
/// one path at a time are an error; what a killed one left as `<path>.tmp` is overwritten.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path, FileSystem& fs = FileSystem::real(), KeepPrevious keep = KeepPrevious::yes);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Writes all n bytes or throws Error with path and reason.
  void write(const void* bytes, size_t n);
  /// Makes the file visible. If only the last step, making the folder durable, fails, the new file is in place already
  /// and the text of the Error says so.
  void commit();

 private:
  void open_temporary();
  void open_folder();
  void keep_previous();
  void discard() noexcept;
  [[noreturn]] void fail_save(const char* step, int error) const;

  std::string path_, temporary_;
  FileSystem& fs_;
  KeepPrevious keep_;
  int fd_ = -1, folder_ = -1;
};

/// Lets `writer` fill a file and commits it; if writer throws, nothing changes and the exception goes on.
void write_atomically(const std::string& path, const std::function<void(AtomicFile&)>& writer,
                      FileSystem& fs = FileSystem::real(), KeepPrevious keep = KeepPrevious::yes);

}  // namespace gradus::io
