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

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    check(n > 0, "plot: cannot pass the script on: ", std::strerror(errno));
    text.remove_prefix(static_cast<size_t>(n));
  }
  lseek(fd, 0, SEEK_SET);
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  lseek(fd, 0, SEEK_SET);
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  return text;
}

// Runs gnuplot on three open files; its exit status.
int run(int script, int picture, int errors) {
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
  int status = 0;
  while (waitpid(child, &status, 0) < 0) check(errno == EINTR, "plot: lost gnuplot: ", std::strerror(errno));
  return status;
}

}  // namespace

void run_gnuplot(const std::string& script, const std::filesystem::path& path) {
  const std::string unfinished = path.string() + ".part";
  File in(nameless("script")), errors(nameless("messages"));
  File out(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  check(out >= 0, "plot: cannot write ", unfinished, ": ", std::strerror(errno));
  struct Remove {
    const std::string& path;
    ~Remove() { std::remove(path.c_str()); }
  } remove{unfinished};
  write_all(in, script);
  const int status = run(in, out, errors);
  const std::string said = read_all(errors);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "plot: gnuplot failed on ", path.string(), ": ", said);
  check(lseek(out, 0, SEEK_END) > 0, "plot: gnuplot wrote nothing to ", path.string(), ": ", said);
  check(::close(out.release()) == 0, "plot: cannot write ", unfinished, ": ", std::strerror(errno));
  check(std::rename(unfinished.c_str(), path.c_str()) == 0, "plot: cannot write ", path.string(), ": ",
        std::strerror(errno));
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
