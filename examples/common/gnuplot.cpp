#include "gradus/examples/common/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "gradus/tensor/error.h"

namespace examples {
namespace {

using gradus::check;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  operator int() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// A file without a name: no pipe to fill up, and none to break.
int nameless(const char* what) {
  const int fd = memfd_create(what, MFD_CLOEXEC);
  check(fd >= 0, "plot: no memory for the ", what, ": ", std::strerror(errno));
  return fd;
}

// 0, or the error that kept a part of the text from being written.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : ENOSPC;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

std::string read_all(int fd) {
  std::string text;
  char buffer[65536];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    check(n > 0, "plot: cannot read what gnuplot says: ", std::strerror(errno));
    text.append(buffer, static_cast<size_t>(n));
  }
  return text;
}

pid_t start(int script, int picture, int errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, script, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, picture, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
  // -d: gnuplot's own defaults, not what somebody's start-up file makes of them.
  char program[] = "gnuplot", defaults[] = "-d";
  char* arguments[] = {program, defaults, nullptr};
  pid_t child = 0;
  const int code = posix_spawnp(&child, program, &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  check(code != ENOENT, "plot: there is no gnuplot; scripts/setup.sh installs it (package gnuplot-nox)");
  check(code == 0, "plot: cannot start gnuplot: ", std::strerror(code));
  return child;
}

// What gnuplot draws comes through a pipe: it does not notice when it writes to a disk that is full.
std::string picture_of(const std::string& script, const std::filesystem::path& path) {
  File in(nameless("script")), errors(nameless("messages"));
  const int failed = write_all(in, script);
  check(failed == 0, "plot: cannot pass the script on: ", std::strerror(failed));
  lseek(in, 0, SEEK_SET);
  int ends[2];
  check(pipe2(ends, O_CLOEXEC) == 0, "plot: no pipe to gnuplot: ", std::strerror(errno));
  File from(ends[0]), to(ends[1]);
  const pid_t child = start(in, to, errors);
  ::close(to.release());
  const std::string picture = read_all(from);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) check(errno == EINTR, "plot: lost gnuplot: ", std::strerror(errno));
  lseek(errors, 0, SEEK_SET);
  const std::string said = read_all(errors);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "plot: gnuplot failed on ", path.string(), ": ", said);
  check(!picture.empty(), "plot: gnuplot drew nothing for ", path.string(), ": ", said);
  return picture;
}

}  // namespace

void run_gnuplot(const std::string& script, const std::filesystem::path& path) {
  const std::string picture = picture_of(script, path), unfinished = path.string() + ".part";
  File out(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  check(out >= 0, "plot: cannot write ", unfinished, ": ", std::strerror(errno));
  int failed = write_all(out, picture);
  if (::close(out.release()) != 0 && failed == 0) failed = errno;
  if (failed == 0 && std::rename(unfinished.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) std::remove(unfinished.c_str());
  check(failed == 0, "plot: cannot write ", path.string(), ": ", std::strerror(failed));
}

std::string gnuplot_text(std::string_view text) {
  // Single quotes: nothing is substituted inside. A backslash takes its meaning from a character of markup.
  std::string result = "'";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') {
      result += ' ';
    } else if (c == '\'') {
      result += "''";
    } else {
      if (std::strchr("^_{}@&~\\", c)) result += '\\';
      result += c;
    }
  }
  return result + "'";
}

std::string gnuplot_number(double value) {
  if (!std::isfinite(value)) return "NaN";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.9g", value);
  return buffer;
}

}  // namespace examples
