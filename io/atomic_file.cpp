#include "gradus/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

/// Repeats a system call that a signal interrupted.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Errors by which a file system says that it does not have the call at all.
bool unsupported(int error) {
  return error == EOPNOTSUPP || error == ENOTSUP || error == ENOSYS || error == EINVAL || error == ENOLCK;
}

}  // namespace

std::string previous_path(const std::string& path) { return path + ".previous"; }

void AtomicFile::fail_save(const char* step, int error) const {
  fail("save: cannot write ", path_, " (", step, "): ", std::generic_category().message(error));
}

AtomicFile::AtomicFile(std::string path, FileSystem& fs, KeepPrevious keep)
    : path_(std::move(path)), temporary_(path_ + ".tmp"), fs_(fs), keep_(keep) {
  check(!path_.empty() && path_.back() != '/', "save: '", path_, "' is not the name of a file");
  try {
    open_folder();
    open_temporary();
  } catch (...) {
    discard();
    throw;
  }
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::open_folder() {
  const std::string folder = folder_of(path_);
  folder_ = uninterrupted([&] { return fs_.open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); });
  if (folder_ < 0) fail_save("open its folder", errno);
}

void AtomicFile::open_temporary() {
  for (;;) {
    const int fd = uninterrupted(
        [&] { return fs_.open(temporary_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666); });
    if (fd < 0) fail_save("create the temporary file", errno);
    if (uninterrupted([&] { return fs_.lock(fd); }) < 0 && errno == EWOULDBLOCK) {
      fs_.close(fd);
      fail("save: ", path_, " is being written by someone else");
    } else {
      fd_ = fd;
    }
    // Another writer may have renamed or removed the file between our open and our lock: then take the next one.
    struct ::stat ours {
    }, named{};
    if (fs_.stat(fd, &ours) != 0) fail_save("examine the temporary file", errno);
    const bool is_there = fs_.stat(temporary_.c_str(), &named) == 0;
    if (!is_there && errno != ENOENT) fail_save("examine the temporary file", errno);
    if (is_there && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev) break;
    fs_.close(fd);
    fd_ = -1;
  }
  if (uninterrupted([&] { return fs_.truncate(fd_); }) < 0) fail_save("empty the temporary file", errno);
}

void AtomicFile::write(const void* bytes, size_t n) {
  check(fd_ >= 0, "save: ", path_, " is closed");
  for (size_t done = 0; done < n;) {
    const int64_t put = uninterrupted([&] { return fs_.write(fd_, static_cast<const char*>(bytes) + done, n - done); });
    if (put < 0) fail_save("write", errno);
    if (put == 0) fail_save("write", ENOSPC);
    done += static_cast<size_t>(put);
  }
}

/// `<path>.previous` becomes a second name of the file at `path`, in one step: a link made aside, renamed over it.
void AtomicFile::keep_previous() {
  struct ::stat info {};
  if (fs_.stat(path_.c_str(), &info) != 0) {
    if (errno == ENOENT) return;
    fail_save("examine the present file", errno);
  }
  if (!S_ISREG(info.st_mode)) fail("save: ", path_, " exists and is not a regular file");
  if (keep_ == KeepPrevious::no) return;
  const std::string previous = previous_path(path_), aside = previous + ".tmp";
  fs_.unlink(aside.c_str());
  if (fs_.link(path_.c_str(), aside.c_str()) == 0) {
    const bool renamed = fs_.rename(aside.c_str(), previous.c_str()) == 0;
    const int error = errno;
    // Two names of one file: rename then does nothing by definition, so the link is still there.
    fs_.unlink(aside.c_str());
    if (!renamed) fail_save("keep the previous file", error);
    return;
  }
  if (errno != EPERM && !unsupported(errno)) fail_save("keep the previous file", errno);
  // No hard links here: for a moment the old file is there as `.previous` only.
  if (fs_.rename(path_.c_str(), previous.c_str()) != 0) fail_save("keep the previous file", errno);
}

void AtomicFile::commit() {
  check(fd_ >= 0, "save: ", path_, " is closed");
  if (uninterrupted([&] { return fs_.fsync(fd_); }) < 0) fail_save("fsync", errno);
  keep_previous();
  if (fs_.rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    struct ::stat info {};
    if (keep_ == KeepPrevious::yes && fs_.stat(path_.c_str(), &info) != 0)
      fs_.rename(previous_path(path_).c_str(), path_.c_str());
    fail_save("rename the temporary file", error);
  }
  fs_.close(fd_);
  fd_ = -1;
  const bool durable = uninterrupted([&] { return fs_.fsync(folder_); }) == 0 || unsupported(errno);
  const int error = errno;
  discard();
  if (!durable) fail_save("in place, but fsync of the folder failed", error);
}

void AtomicFile::discard() noexcept {
  if (fd_ >= 0) {
    fs_.unlink(temporary_.c_str());
    fs_.close(fd_);
  }
  if (folder_ >= 0) fs_.close(folder_);
  fd_ = folder_ = -1;
}

void write_atomically(const std::string& path, const std::function<void(AtomicFile&)>& writer, FileSystem& fs,
                      KeepPrevious keep) {
  AtomicFile file(path, fs, keep);
  writer(file);
  file.commit();
}

}  // namespace gradus::io
