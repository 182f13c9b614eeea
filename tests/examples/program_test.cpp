// What the example programs share besides pictures: command line, progress, Ctrl-C.
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "gradus/examples/common/command_line.h"
#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/common/progress.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tensor/sanitizer.h"

namespace {

namespace fs = std::filesystem;
using namespace examples;

// A folder of its own, in which the test runs, so that the standard --out lands there.
class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() : before_(fs::current_path()) {
    fs::create_directories(folder_);
    fs::current_path(folder_);
    unsetenv("GRADUS_DATA");
  }
  ~CommandLineTest() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    gradus::set_num_threads(threads_);
  }

  int run(const std::vector<const char*>& arguments) {
    std::vector<const char*> argv{"trial"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    CommandLine line("trial", "Tries the command line.");
    line.with_data("the MNIST files").with_epochs(6).option("--rate", rate_, "Learning rate", 0.0, 1.0);
    line.option("--batch", batch_, "Images a step", 1, 1000).flag("--resume", resume_, "Go on");
    return line.run(static_cast<int>(argv.size()), argv.data(), [&](const Settings& s) {
      seen_ = s;
      ++calls_;
      if (fails_) gradus::fail("trial: it went wrong");
      return 7;
    });
  }

  fs::path folder_ = fs::temp_directory_path() / ("gradus-line-" + std::to_string(getpid()));
  fs::path before_;
  Settings seen_;
  int calls_ = 0, batch_ = 64, threads_ = gradus::get_num_threads();
  double rate_ = 0.5;
  bool resume_ = false, fails_ = false;
};

TEST_F(CommandLineTest, StandardsAndValues) {
  EXPECT_EQ(run({}), 7);
  EXPECT_EQ(seen_.epochs, 6);
  EXPECT_EQ(seen_.seed, 42u);
  EXPECT_TRUE(seen_.data.empty());
  EXPECT_TRUE(fs::is_directory("out"));
  fs::create_directories("files/mnist");
  EXPECT_EQ(run({"--data", "files", "--epochs", "2", "--seed=18446744073709551615", "--threads", "3", "--out", "a/b",
                 "--rate", "0.25", "--batch", "8", "--resume"}),
            7);
  EXPECT_EQ(seen_.epochs, 2);
  EXPECT_EQ(seen_.seed, ~uint64_t{0});
  EXPECT_EQ(gradus::get_num_threads(), 3);
  EXPECT_TRUE(fs::is_directory("a/b"));
  EXPECT_EQ(rate_, 0.25);
  EXPECT_EQ(batch_, 8);
  EXPECT_TRUE(resume_);
  EXPECT_TRUE(data_folder(seen_, "mnist", "train-images-idx3-ubyte").empty());
  std::ofstream("files/mnist/train-images-idx3-ubyte.gz") << "x";
  EXPECT_EQ(data_folder(seen_, "mnist", "train-images-idx3-ubyte"), fs::path("files/mnist"));
  setenv("GRADUS_DATA", "files/mnist", 1);
  EXPECT_EQ(run({}), 7);
  EXPECT_EQ(data_folder(seen_, "mnist", "train-images-idx3-ubyte"), fs::path("files/mnist"));
}

TEST_F(CommandLineTest, RefusesWhatItCannotUse) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"--epochs", "0"},
                                                                     {"--epochs", "many"},
                                                                     {"--threads", "-1"},
                                                                     {"--data", "no/such/folder"},
                                                                     {"--rate", "1.5"},
                                                                     {"--batch", "0"},
                                                                     {"--unknown"},
                                                                     {"loose"}}) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(run(arguments), 2) << arguments[0];
    EXPECT_NE(testing::internal::GetCapturedStderr().find(arguments[0]), std::string::npos) << arguments[0];
  }
  EXPECT_EQ(calls_, 0);
}

TEST_F(CommandLineTest, HelpNamesEveryOption) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run({"--help"}), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  for (const char* name : {"Tries the command line.", "--data DIR", "--seed", "--threads", "--out DIR", "--epochs",
                           "--rate", "--batch", "--resume", "GRADUS_DATA", "the MNIST files"}) {
    EXPECT_NE(help.find(name), std::string::npos) << name << "\n" << help;
  }
}

TEST_F(CommandLineTest, ErrorsEndTheProgramWithAWord) {
  fails_ = true;
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({}), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "trial: error: trial: it went wrong\n");
}

// What a progress bar over 100 items writes to `out`.
void show(std::FILE* out) {
  Progress progress("epoch 1/2", 100, "images", out, 0);
  progress.update(40, {.loss = 0.5, .accuracy = 0.875, .rate = 1e-3});
  usleep(120000);
  progress.update(50, {.loss = 0.25, .accuracy = 0.9, .rate = 1e-3});
  progress.update(100, {});
  progress.finish({.loss = 0.125}, "best so far");
}

TEST(ProgressTest, PlainLinesWhereThereIsNoTerminal) {
  std::FILE* file = std::tmpfile();
  show(file);
  std::string text(4096, '\0');
  rewind(file);
  text.resize(fread(text.data(), 1, text.size(), file));
  fclose(file);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\033'), std::string::npos);
  EXPECT_NE(text.find("epoch 1/2   40 %  loss 0.5000  accuracy 87.50 %  lr 1.00e-03"), std::string::npos) << text;
  EXPECT_NE(text.find(" left\n"), std::string::npos) << text;
  EXPECT_NE(text.find("best so far\n"), std::string::npos) << text;
}

// The same on a terminal of `columns` columns.
std::string on_terminal(unsigned short columns) {
  int master = 0, slave = 0;
  winsize size = {24, columns, 0, 0};
  if (openpty(&master, &slave, nullptr, nullptr, &size) != 0) return "no terminal";
  std::FILE* out = fdopen(slave, "w");
  setenv("TERM", "xterm", 1);
  show(out);
  fclose(out);
  std::string text;
  char buffer[1024];
  for (ssize_t n; (n = read(master, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  close(master);
  return text;
}

// Columns that a line takes: UTF-8 sequences count once, colours not at all.
size_t width(const std::string& line) {
  size_t n = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      while (i < line.size() && !std::isalpha(static_cast<unsigned char>(line[i]))) ++i;
    } else if ((line[i] & 0xC0) != 0x80 && line[i] != '\r' && line[i] != '\n') {
      ++n;
    }
  }
  return n;
}

TEST(ProgressTest, OneLineOnATerminalThatNeverWraps) {
  unsetenv("NO_COLOR");
  for (const unsigned short columns : {40, 60, 80, 100, 200}) {
    const std::string text = on_terminal(columns);
    EXPECT_NE(text.find("\r\033[K"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    const size_t last = text.rfind("\r\033[K");
    ASSERT_NE(last, std::string::npos);
    for (size_t at = text.find("\r\033[K"); at < last;) {
      const size_t next = text.find("\r\033[K", at + 1);
      EXPECT_LT(width(text.substr(at, next - at)), columns) << text.substr(at, next - at);
      at = next;
    }
  }
  EXPECT_NE(on_terminal(120).find("\033[36m"), std::string::npos);
  setenv("NO_COLOR", "1", 1);
  EXPECT_EQ(on_terminal(120).find("\033[36m"), std::string::npos);
  unsetenv("NO_COLOR");
}

TEST(ProgressTest, ClockText) {
  EXPECT_EQ(clock_text(7.2), "0:07");
  EXPECT_EQ(clock_text(751), "12:31");
  EXPECT_EQ(clock_text(3723), "1:02:03");
  EXPECT_EQ(clock_text(-1), "0:00");
}

// The first signal is a question, the second one the end.
TEST(InterruptTest, SecondCtrlCEndsTheProgram) {
  if (gradus::thread_sanitizer) GTEST_SKIP() << "which delivers signals later";
  const pid_t child = fork();
  if (child == 0) {
    catch_interrupt();
    if (interrupted()) _exit(1);
    raise(SIGINT);
    if (!interrupted()) _exit(2);
    raise(SIGINT);
    _exit(3);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

// The handler must not touch what lies below the stack pointer, which matrix products borrow for their buffers.
TEST(InterruptTest, TheHandlerHasAStackOfItsOwn) {
  catch_interrupt();
  stack_t stack{};
  ASSERT_EQ(sigaltstack(nullptr, &stack), 0);
  EXPECT_FALSE(stack.ss_flags & SS_DISABLE);
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    sigaction(number, nullptr, &action);
    EXPECT_TRUE(action.sa_flags & SA_ONSTACK);
    signal(number, SIG_DFL);
  }
}

}  // namespace
