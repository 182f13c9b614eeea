// A file system that counts its calls and at a chosen one fails, writes short, is interrupted, or kills the process.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "gradus/io/file_system.h"
#include "gradus/tensor/error.h"

namespace gradus::io {

class FaultyFileSystem : public FileSystem {
 public:
  enum class Fault { kNone, kError, kKillBefore, kKillMidway };

  FaultyFileSystem() = default;
  /// Strikes at call number `at` (from 0) of those that change something or read what is there.
  FaultyFileSystem(Fault fault, int at, int error = EIO) : fault_(fault), at_(at), error_(error) {}

  int calls() const { return calls_; }
  /// Longest write that goes through at once.
  size_t max_write = static_cast<size_t>(-1);
  /// Every call that may wait is interrupted by a signal once before it works.
  bool interrupt_all = false;
  /// The file system has no hard links.
  bool no_links = false;
  /// Bytes left on the disk.
  size_t room = static_cast<size_t>(-1);

  int open(const char* path, int flags, unsigned mode) override {
    return interrupted() || strikes() ? -1 : FileSystem::open(path, flags, mode);
  }
  int64_t read(int fd, void* bytes, size_t n) override {
    return interrupted() || strikes() ? -1 : FileSystem::read(fd, bytes, n);
  }
  int64_t write(int fd, const void* bytes, size_t n) override {
    if (fault_ == Fault::kKillMidway && calls_ == at_) FileSystem::write(fd, bytes, n / 2);
    if (interrupted() || strikes()) return -1;
    n = std::min({n, max_write, room});
    if (n == 0) return errno = ENOSPC, -1;
    room -= n;
    return FileSystem::write(fd, bytes, n);
  }
  int truncate(int fd) override { return interrupted() || strikes() ? -1 : FileSystem::truncate(fd); }
  int lock(int fd) override { return interrupted() || strikes() ? -1 : FileSystem::lock(fd); }
  int fsync(int fd) override { return interrupted() || strikes() ? -1 : FileSystem::fsync(fd); }
  int stat(int fd, struct ::stat* out) override { return strikes() ? -1 : FileSystem::stat(fd, out); }
  int stat(const char* path, struct ::stat* out) override { return strikes() ? -1 : FileSystem::stat(path, out); }
  int link(const char* from, const char* to) override {
    if (strikes()) return -1;
    return no_links ? (errno = EPERM, -1) : FileSystem::link(from, to);
  }
  int rename(const char* from, const char* to) override { return strikes() ? -1 : FileSystem::rename(from, to); }
  int unlink(const char* path) override {
    // A failing removal cannot leave nothing behind: only kills count here.
    if (fault_ != Fault::kError && strikes()) return -1;
    return FileSystem::unlink(path);
  }

 private:
  bool interrupted() {
    if (!interrupt_all || !(interrupted_ = !interrupted_)) return false;
    errno = EINTR;
    return true;
  }

  bool strikes() {
    if (calls_++ != at_) return false;
    if (fault_ == Fault::kKillBefore || fault_ == Fault::kKillMidway) ::kill(::getpid(), SIGKILL);
    errno = error_;
    return fault_ == Fault::kError;
  }

  Fault fault_ = Fault::kNone;
  int at_ = -1, error_ = EIO, calls_ = 0;
  bool interrupted_ = false;
};

/// A folder of its own, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gradus-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  size_t entries() const {
    const std::filesystem::directory_iterator all(path_);
    return static_cast<size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::string path_;
};

inline void write_plain(const std::string& path, const std::string& bytes) {
  std::remove(path.c_str());  // some file systems flush a file that is overwritten, which here would take minutes
  FILE* file = std::fopen(path.c_str(), "wb");
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fclose(file) != 0) std::abort();
}

/// The text of the Error that `body` throws; empty if it throws none.
template <class Body>
std::string error_of(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace gradus::io
