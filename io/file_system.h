// Files: every system call that gradus makes on them goes through FileSystem, so that a test can let any one fail.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

struct stat;

namespace gradus::io {

/// The system calls themselves, with their return values and errno; the base class is the real system.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual int open(const char* path, int flags, unsigned mode);
  virtual int64_t read(int fd, void* bytes, size_t n);
  virtual int64_t write(int fd, const void* bytes, size_t n);
  virtual int truncate(int fd);
  virtual int lock(int fd);
  virtual int fsync(int fd);
  virtual int close(int fd);
  virtual int stat(int fd, struct ::stat* out);
  virtual int stat(const char* path, struct ::stat* out);
  virtual int link(const char* from, const char* to);
  virtual int rename(const char* from, const char* to);
  virtual int unlink(const char* path);

  /// The one of this machine.
  static FileSystem& real();
};

/// Throws Error `what path: <text of the error number>`.
[[noreturn]] void fail_errno(const std::string& what, const std::string& path, int error);

/// A file open for reading. Errors name the path; a pipe, folder or device is refused, since its size means nothing.
class InputFile {
 public:
  explicit InputFile(std::string path, FileSystem& fs = FileSystem::real());
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }
  uint64_t size() const { return size_; }
  /// Reads up to n bytes; fewer only at the end of the file.
  size_t read_some(void* bytes, size_t n);
  /// Reads exactly n bytes; throws if the file ends before.
  void read(void* bytes, size_t n);

 private:
  std::string path_;
  FileSystem& fs_;
  int fd_ = -1;
  uint64_t size_ = 0;
};

/// The whole file at once; throws, before reading, if it is larger than max_bytes.
std::string read_file(const std::string& path, uint64_t max_bytes, FileSystem& fs = FileSystem::real());

}  // namespace gradus::io
