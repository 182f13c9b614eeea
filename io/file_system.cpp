#include "gradus/io/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "gradus/tensor/error.h"

namespace gradus::io {

int FileSystem::open(const char* path, int flags, unsigned mode) { return ::open(path, flags, mode); }
int64_t FileSystem::read(int fd, void* bytes, size_t n) { return ::read(fd, bytes, n); }
int64_t FileSystem::write(int fd, const void* bytes, size_t n) { return ::write(fd, bytes, n); }
int FileSystem::truncate(int fd) { return ::ftruncate(fd, 0); }
int FileSystem::lock(int fd) { return ::flock(fd, LOCK_EX | LOCK_NB); }
int FileSystem::fsync(int fd) { return ::fsync(fd); }
int FileSystem::close(int fd) { return ::close(fd); }
int FileSystem::stat(int fd, struct ::stat* out) { return ::fstat(fd, out); }
int FileSystem::stat(const char* path, struct ::stat* out) { return ::stat(path, out); }
int FileSystem::link(const char* from, const char* to) { return ::link(from, to); }
int FileSystem::rename(const char* from, const char* to) { return ::rename(from, to); }
int FileSystem::unlink(const char* path) { return ::unlink(path); }

FileSystem& FileSystem::real() {
  static FileSystem system;
  return system;
}

void fail_errno(const std::string& what, const std::string& path, int error) {
  fail(what, " ", path, ": ", std::generic_category().message(error));
}

InputFile::InputFile(std::string path, FileSystem& fs) : path_(std::move(path)), fs_(fs) {
  do fd_ = fs_.open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  while (fd_ < 0 && errno == EINTR);
  if (fd_ < 0) fail_errno("read: cannot open", path_, errno);
  struct ::stat info {};
  const bool known = fs_.stat(fd_, &info) == 0;
  const int error = errno;
  if (known && S_ISREG(info.st_mode)) {
    size_ = static_cast<uint64_t>(info.st_size);
    return;
  }
  fs_.close(fd_);
  if (!known) fail_errno("read: cannot examine", path_, error);
  fail("read: ", path_, " is not a regular file");
}

InputFile::~InputFile() { fs_.close(fd_); }

size_t InputFile::read_some(void* bytes, size_t n) {
  size_t done = 0;
  while (done < n) {
    const int64_t got = fs_.read(fd_, static_cast<char*>(bytes) + done, n - done);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("read: cannot read", path_, errno);
    done += static_cast<size_t>(got);
  }
  return done;
}

void InputFile::read(void* bytes, size_t n) {
  const size_t got = read_some(bytes, n);
  check(got == n, "read: ", path_, " is truncated: ", n, " bytes expected, ", got, " left");
}

std::string read_file(const std::string& path, uint64_t max_bytes, FileSystem& fs) {
  InputFile file(path, fs);
  check(file.size() <= max_bytes, "read: ", path, " has ", file.size(), " bytes, more than the allowed ", max_bytes);
  std::string bytes(file.size(), '\0');
  file.read(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace gradus::io
