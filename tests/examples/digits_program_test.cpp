// The main job as a program: what it says, and that signals, hard kills and a full disk lose nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <vector>

#include "gradus/tensor/sanitizer.h"
#include "gradus/tests/paths.h"

namespace {

namespace fs = std::filesystem;

const std::string kProgram = paths::build() + "/examples/digits";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Outcome {
  int code;
  std::string said;
};

// Runs a command line; what it says on both outputs.
Outcome run(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::string said;
  char buffer[4096];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) said.append(buffer, n);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

// The program at work, for signals to reach it; what it says goes to a file.
class Process {
 public:
  Process(const std::string& command, const fs::path& log) : log_(log) {
    std::istringstream words(command);
    std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    std::vector<char*> argv;
    for (std::string& word : arguments) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    EXPECT_EQ(posix_spawn(&child_, argv[0], &files, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&files);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (!ended_) end(SIGKILL);
  }

  bool running() {
    if (!ended_) ended_ = waitpid(child_, &status_, WNOHANG) == child_;
    return !ended_;
  }
  template <class Condition>
  void wait_until(const Condition& condition) {
    while (running() && !condition()) usleep(500);
  }
  void wait_until_it_says(const std::string& text) {
    wait_until([&] { return said().find(text) != std::string::npos; });
  }
  // Sends a signal and waits for the end; the exit code, or minus the signal that ended it.
  int end(int signal) {
    if (running()) kill(child_, signal);
    if (!ended_) waitpid(child_, &status_, 0);
    ended_ = true;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }
  std::string said() const { return bytes_of(log_); }

 private:
  fs::path log_;
  pid_t child_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

class DigitsProgram : public testing::Test {
 protected:
  DigitsProgram() { fs::create_directories(folder_); }
  ~DigitsProgram() override { fs::remove_all(folder_); }

  std::string command(const std::string& name, const std::string& options) const {
    return kProgram + " --drawn " + options + " --out " + (folder_ / name).string();
  }
  bool same_bits(const std::string& a, const std::string& b) const {
    bool same = true;
    for (const char* file : {"checkpoint.safetensors", "best.safetensors"}) {
      const std::string bytes = bytes_of(folder_ / a / file);
      same = same && !bytes.empty() && bytes == bytes_of(folder_ / b / file);
    }
    return same;
  }
  bool has(const std::string& name, const std::string& file) const { return fs::exists(folder_ / name / file); }

  // Starts the run `name` or goes on with it, and ends it by `signal` `milliseconds` after training has begun.
  int interrupt_after(const std::string& name, const std::string& options, int signal, int milliseconds) {
    const bool begun = has(name, "checkpoint.safetensors");
    Process process(command(name, options) + (begun ? " --resume" : ""), folder_ / "log");
    if (begun) {
      process.wait_until_it_says("resumed");
    } else {
      process.wait_until([&] { return has(name, "checkpoint.safetensors"); });
    }
    usleep(static_cast<useconds_t>(1000 * milliseconds));
    const int code = process.end(signal);
    const bool expected = code == 0 || code == (signal == SIGKILL ? -SIGKILL : 130);
    EXPECT_TRUE(expected) << "code " << code << " after " << milliseconds << " ms\n" << process.said();
    if (code == 130) {
      EXPECT_NE(process.said().find("--resume goes on"), std::string::npos) << process.said();
    }
    return code;
  }

  fs::path folder_ = fs::temp_directory_path() / ("gradus-digits-program-" + std::to_string(getpid()));
};

TEST_F(DigitsProgram, HelpNamesTheOptions) {
  const Outcome help = run(kProgram + " --help");
  EXPECT_EQ(help.code, 0);
  for (const char* option :
       {"--data", "GRADUS_DATA", "--epochs", "--seed", "--threads", "--out", "--resume", "--batch", "--drawn"})
    EXPECT_NE(help.said.find(option), std::string::npos) << option << "\n" << help.said;
}

TEST_F(DigitsProgram, AFolderWithoutTheFilesIsAnError) {
  const std::string out = " --out " + (folder_ / "out").string();
  const Outcome empty = run(kProgram + " --data " + folder_.string() + out);
  EXPECT_EQ(empty.code, 1);
  EXPECT_NE(empty.said.find("digits: error: there is no train-images-idx3-ubyte"), std::string::npos) << empty.said;
  const Outcome missing = run(kProgram + " --data " + (folder_ / "nowhere").string() + out);
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.said.find("nowhere"), std::string::npos) << missing.said;
  const Outcome variable = run("GRADUS_DATA=" + (folder_ / "nowhere").string() + " " + kProgram + out);
  EXPECT_EQ(variable.code, 2);
  EXPECT_NE(variable.said.find("GRADUS_DATA"), std::string::npos) << variable.said;
  std::ofstream(folder_ / "train-images-idx3-ubyte") << "no idx file";
  std::ofstream(folder_ / "train-labels-idx1-ubyte") << "no idx file";
  const Outcome broken = run(kProgram + " --data " + folder_.string() + out);
  EXPECT_EQ(broken.code, 1);
  EXPECT_NE(broken.said.find("digits: error: "), std::string::npos) << broken.said;
}

// Nothing listens at the mirror's port: as good as no network.
TEST_F(DigitsProgram, WithoutDataAndNetworkItDrawsDigits) {
  // And one step is a run, too.
  const Outcome done = run("env -u GRADUS_DATA HOME=" + folder_.string() +
                           " XDG_CACHE_HOME= " + "GRADUS_MNIST_MIRROR=http://127.0.0.1:9 " + kProgram +
                           " --limit 100 --epochs 1 --out " + (folder_ / "a").string());
  EXPECT_EQ(done.code, 0) << done.said;
  EXPECT_NE(done.said.find("MNIST could not be downloaded: learning from digits drawn"), std::string::npos)
      << done.said;
  EXPECT_NE(done.said.find("drawn digits: 100 images to learn from, 2000 to test with"), std::string::npos);
}

const char* const kShort = "--limit 400 --epochs 2 --batch 40 --threads 2";

TEST_F(DigitsProgram, EndsWithTheAccuracyAndThreePictures) {
  const Outcome done = run(command("a", kShort));
  EXPECT_EQ(done.code, 0) << done.said;
  const size_t last = done.said.rfind('\n', done.said.size() - 2) + 1;
  EXPECT_EQ(done.said.compare(last, 15, "test accuracy: "), 0) << done.said;
  EXPECT_EQ(done.said.find('\r'), std::string::npos) << "a bar where there is no terminal";
  for (const char* picture : {"curves.png", "confusion.png", "misread.png"})
    EXPECT_EQ(bytes_of(folder_ / "a" / picture).compare(0, 4, "\x89PNG"), 0) << picture;
  // Without gnuplot everything but the pictures is there, and the program says so.
  const Outcome undrawn = run("PATH=/nowhere " + command("a", kShort) + " --resume");
  EXPECT_EQ(undrawn.code, 1);
  EXPECT_NE(undrawn.said.find("there is no gnuplot"), std::string::npos) << undrawn.said;
  EXPECT_NE(undrawn.said.find("test accuracy: "), std::string::npos) << undrawn.said;
}

TEST_F(DigitsProgram, InterruptedBySignalsResumesToTheSameBits) {
  ASSERT_EQ(run(command("straight", kShort)).code, 0);
  EXPECT_EQ(interrupt_after("parts", kShort, SIGINT, 0), 130);
  interrupt_after("parts", kShort, SIGTERM, 20);
  interrupt_after("parts", kShort, SIGINT, 100);
  const Outcome resumed = run(command("parts", kShort) + " --resume");
  EXPECT_EQ(resumed.code, 0) << resumed.said;
  EXPECT_TRUE(same_bits("straight", "parts"));
}

TEST_F(DigitsProgram, KilledResumesToTheSameBits) {
  ASSERT_EQ(run(command("straight", kShort)).code, 0);
  EXPECT_EQ(interrupt_after("parts", kShort, SIGKILL, 0), -SIGKILL);
  interrupt_after("parts", kShort, SIGKILL, 60);
  // Between the best network and the checkpoint of the same epoch.
  fs::remove(folder_ / "parts" / "best.safetensors");
  {
    Process process(command("parts", kShort) + " --resume", folder_ / "log");
    process.wait_until([&] { return has("parts", "best.safetensors"); });
    process.end(SIGKILL);
  }
  const Outcome resumed = run(command("parts", kShort) + " --resume");
  EXPECT_EQ(resumed.code, 0) << resumed.said;
  EXPECT_TRUE(same_bits("straight", "parts"));
}

// Files of at most 100 blocks stand for a disk that is full.
TEST_F(DigitsProgram, AFullDiskIsAnErrorAndLosesNothing) {
  if (gradus::thread_sanitizer) GTEST_SKIP() << "which keeps files of its own, beyond the limit of this test";
  const std::string full = "trap '' XFSZ; ulimit -f 100; ";
  const Outcome none = run("(" + full + command("none", kShort) + ")");
  EXPECT_EQ(none.code, 1);
  EXPECT_NE(none.said.find("digits: error: save: cannot write"), std::string::npos) << none.said;
  EXPECT_EQ(none.said.find("epoch 1/2"), std::string::npos) << "an epoch's work for nothing\n" << none.said;
  ASSERT_EQ(run(command("straight", kShort)).code, 0);
  interrupt_after("parts", kShort, SIGINT, 50);
  const std::string before = bytes_of(folder_ / "parts" / "checkpoint.safetensors");
  const Outcome stopped = run("(" + full + command("parts", kShort) + " --resume)");
  EXPECT_EQ(stopped.code, 1);
  EXPECT_NE(stopped.said.find("digits: error: save: cannot write"), std::string::npos) << stopped.said;
  EXPECT_TRUE(bytes_of(folder_ / "parts" / "checkpoint.safetensors") == before);
  EXPECT_EQ(run(command("parts", kShort) + " --resume").code, 0);
  EXPECT_TRUE(same_bits("straight", "parts"));
}

// The whole job on the real files, where there are any.
class DigitsLong : public DigitsProgram {
 protected:
  Outcome learn(const std::string& name) {
    const char* data = std::getenv("GRADUS_DATA");
    const fs::path folder = fs::path(data ? data : "") / name;
    if (!data || !fs::exists(folder / "train-images-idx3-ubyte.gz")) return {-1, ""};
    return run(kProgram + " --data " + folder.string() + " --out " + (folder_ / name).string());
  }
  // Processor time of all programs that have ended.
  static double seconds() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  }
  // Within 6 epochs, the standard, and the work that two cores do in 5 minutes.
  void expect_accuracy(const std::string& name, double least) {
    const double before = seconds();
    const Outcome done = learn(name);
    if (done.code < 0) GTEST_SKIP() << "GRADUS_DATA has no " << name;
    EXPECT_EQ(done.code, 0);
    EXPECT_GE(accuracy(done), least) << done.said;
    EXPECT_LT(seconds() - before, 2 * 300) << done.said;
  }
  static double accuracy(const Outcome& done) {
    const size_t at = done.said.find("test accuracy: ");
    return at == std::string::npos ? 0 : std::atof(done.said.c_str() + at + 15);
  }
};

TEST_F(DigitsLong, Mnist) { expect_accuracy("mnist", 99.2); }
TEST_F(DigitsLong, FashionMnist) { expect_accuracy("fashion-mnist", 91.0); }

// Ended at moments that fall anywhere: within a batch, while it validates, while it saves.
TEST_F(DigitsLong, EndedAtRandomMomentsResumesToTheSameBits) {
  const std::string options = "--limit 2000 --epochs 4 --batch 50 --threads 2";
  ASSERT_EQ(run(command("straight", options)).code, 0);
  std::mt19937 random(7);
  std::uniform_int_distribution<int> moment(0, 400);
  for (const int signal : {SIGINT, SIGKILL}) {
    const std::string name = signal == SIGINT ? "interrupted" : "killed";
    int ends = 0;
    while (ends < 12 && interrupt_after(name, options, signal, moment(random)) != 0) ++ends;
    EXPECT_GT(ends, 2);
    const Outcome resumed = run(command(name, options) + " --resume");
    EXPECT_EQ(resumed.code, 0) << resumed.said;
    EXPECT_TRUE(same_bits("straight", name)) << name << " " << ends << " times";
  }
}

}  // namespace
