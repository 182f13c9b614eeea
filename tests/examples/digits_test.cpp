// The main job, run short: it learns, goes on after an interruption to the same bits, and says what is wrong.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gradus/autograd/ops/ops.h"
#include "gradus/examples/digits/download.h"
#include "gradus/examples/digits/report.h"
#include "gradus/examples/digits/training.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/generator.h"

namespace {

namespace fs = std::filesystem;
using namespace digits;
using End = Training::End;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
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

const std::string kProgram = std::string(GRADUS_BINARY_DIR) + "/examples/digits";

class Digits : public testing::Test {
 protected:
  Digits() { fs::create_directories(folder_); }
  ~Digits() override {
    std::fclose(quiet_);
    fs::remove_all(folder_);
  }

  // 270 images to learn from in 9 batches, 30 to validate with.
  static const ImageSet& few() {
    static const ImageSet set = draw_images(300, 50, 7);
    return set;
  }

  TrainingOptions options(const std::string& name) {
    TrainingOptions o;
    o.epochs = 3;
    o.batch_size = 32;
    o.out = folder_ / name;
    o.log = quiet_;
    fs::create_directories(o.out);
    return o;
  }

  // A whole run, interrupted after each of the given numbers of batches and resumed by another object.
  void train(const std::string& name, const std::vector<int>& interruptions) {
    for (size_t part = 0; part <= interruptions.size(); ++part) {
      Training training(few().train, few().fingerprint(), options(name));
      if (part > 0) training.resume();
      int left = part < interruptions.size() ? interruptions[part] : -1;
      const End end = training.run([&] { return left-- == 0; });
      EXPECT_EQ(end, part < interruptions.size() ? End::interrupted : End::finished);
    }
  }

  void expect_same_bits(const std::string& a, const std::string& b) {
    EXPECT_TRUE(bytes_of(checkpoint_path(folder_ / a)) == bytes_of(checkpoint_path(folder_ / b)));
    EXPECT_TRUE(bytes_of(best_path(folder_ / a)) == bytes_of(best_path(folder_ / b)));
  }

  fs::path folder_ = fs::temp_directory_path() / ("gradus-digits-" + std::to_string(getpid()));
  std::FILE* quiet_ = std::fopen("/dev/null", "w");
};

TEST_F(Digits, EveryParameterHasAGradientAndChangesInOneStep) {
  Training training(few().train, few().fingerprint(), options("a"));
  std::vector<Tensor> before;
  for (const Tensor& p : training.net()->parameters()) before.push_back(p.detach().clone());
  training.net()->train();
  training.step(training.train().pixels.narrow(0, 0, 32), training.train().classes.narrow(0, 0, 32));
  size_t i = 0;
  for (const auto& p : training.net()->named_parameters()) {
    ASSERT_TRUE(p->grad().defined()) << p.key();
    EXPECT_GT(p->grad().abs().sum().item<double>(), 0) << p.key();
    EXPECT_FALSE(p->equal(before[i++])) << p.key();
  }
  EXPECT_EQ(i, 13u);
}

TEST_F(Digits, LearnsDrawnDigits) {
  const ImageSet set = draw_images(2000, 500, 3);
  TrainingOptions o = options("a");
  o.epochs = 3;
  Training training(set.train, set.fingerprint(), o);
  EXPECT_EQ(training.run([] { return false; }), End::finished);
  const Reading reading = read(training.net(), set.test);
  EXPECT_GT(reading.score.accuracy, 0.8);
  EXPECT_LT(training.history().loss.back(), training.history().loss.front());
  int64_t all = 0, right = 0;
  for (size_t i = 0; i < reading.counts.size(); ++i) all += reading.counts[i], right += i % 11 ? 0 : reading.counts[i];
  EXPECT_EQ(all, 500);
  EXPECT_DOUBLE_EQ(reading.score.accuracy, static_cast<double>(right) / 500);
  EXPECT_NEAR(evaluate(training.net(), set.test).loss, reading.score.loss, 1e-6);
}

TEST_F(Digits, ResumedAnywhereEndsWithTheSameBits) {
  train("straight", {});
  // Before the first batch, within epochs, before an epoch's first batch; and three times in one run.
  for (const std::vector<int>& interruptions :
       std::vector<std::vector<int>>{{0}, {1}, {8}, {9}, {13}, {26}, {3, 2, 10}}) {
    gradus::manual_seed(999);
    fs::remove_all(folder_ / "parts");
    train("parts", interruptions);
    expect_same_bits("straight", "parts");
  }
}

TEST_F(Digits, AFinishedRunResumedIsFinished) {
  train("a", {});
  const std::string before = bytes_of(checkpoint_path(folder_ / "a"));
  Training training(few().train, few().fingerprint(), options("a"));
  training.resume();
  EXPECT_EQ(training.run([] { return false; }), End::finished);
  EXPECT_EQ(training.history().loss.size(), 3u);
  EXPECT_TRUE(bytes_of(checkpoint_path(folder_ / "a")) == before);
}

TEST_F(Digits, ADamagedCheckpointFallsBackToThePreviousOne) {
  train("straight", {});
  Training first(few().train, few().fingerprint(), options("damaged"));
  int left = 22;  // two epochs are saved by then
  ASSERT_EQ(first.run([&] { return left-- == 0; }), End::interrupted);
  const fs::path path = checkpoint_path(folder_ / "damaged");
  fs::resize_file(path, fs::file_size(path) / 2);
  Training second(few().train, few().fingerprint(), options("damaged"));
  testing::internal::CaptureStderr();
  second.resume();
  EXPECT_NE(testing::internal::GetCapturedStderr().find("continuing from " + path.string() + ".previous"),
            std::string::npos);
  EXPECT_EQ(second.epoch(), 2);
  EXPECT_EQ(second.run([] { return false; }), End::finished);
  expect_same_bits("straight", "damaged");
}

TEST_F(Digits, StopsEarlyWhenValidationDoesNotImprove) {
  TrainingOptions o = options("a");
  o.rate = 1e-12;  // nothing is learned, and batch norm's statistics alone make no steady progress
  o.epochs = 200;
  o.patience = 1;
  const Images forty{few().train.pixels.narrow(0, 0, 40), few().train.classes.narrow(0, 0, 40)};
  Training training(forty, "forty", o);
  EXPECT_EQ(training.run([] { return false; }), End::stopped_early);
  EXPECT_LT(training.epoch(), 200);
}

TEST_F(Digits, ACheckpointOfAnotherRunIsRefused) {
  train("a", {4});
  const auto expect_refused = [&](TrainingOptions o, const std::string& fingerprint, const std::string& what) {
    Training training(few().train, fingerprint, o);
    try {
      training.resume();
      ADD_FAILURE() << "not refused: " << what;
    } catch (const gradus::Error& error) {
      EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
    }
  };
  TrainingOptions o = options("a");
  o.epochs = 4;
  expect_refused(o, few().fingerprint(), "made with --epochs 3, got 4");
  o = options("a");
  o.seed = 1;
  expect_refused(o, few().fingerprint(), "made with --seed 42, got 1");
  expect_refused(options("a"), "others", "other images");
  expect_refused(options("none"), few().fingerprint(), "there is no checkpoint at");
}

TEST_F(Digits, ShiftsMoveImagesWhole) {
  const Tensor pixels = few().train.pixels.narrow(0, 0, 20);
  EXPECT_TRUE(shift_at_random(pixels, 0).is_same(pixels));
  const Tensor moved = shift_at_random(pixels, 2);
  ASSERT_EQ(moved.sizes(), pixels.sizes());
  int different = 0;
  for (int64_t i = 0; i < 20; ++i) {
    bool found = false;
    for (int64_t y = -2; y <= 2 && !found; ++y) {
      for (int64_t x = -2; x <= 2 && !found; ++x) {
        // Rows and columns that both have: those of the original from (y, x) on.
        const auto part = [&](const Tensor& t, int64_t dy, int64_t dx) {
          return t[i][0]
              .narrow(0, std::max<int64_t>(0, dy), 28 - std::abs(dy))
              .narrow(1, std::max<int64_t>(0, dx), 28 - std::abs(dx));
        };
        found = part(moved, -y, -x).equal(part(pixels, y, x)) && (different += y != 0 || x != 0, true);
      }
    }
    EXPECT_TRUE(found) << "image " << i;
  }
  EXPECT_GT(different, 10);
}

TEST_F(Digits, Md5IsThatOfItsDefinition) {
  EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
  EXPECT_EQ(md5(std::string(56, 'a')), "3b0c8ac703f828b04c6c197006d17218");
  EXPECT_EQ(md5(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

TEST_F(Digits, ADownloadThatIsNotTheOriginalIsRefused) {
  if (run("curl --version").code != 0) GTEST_SKIP() << "there is no curl";
  fs::create_directories(folder_ / "mirror");
  std::ofstream(folder_ / "mirror" / "train-images-idx3-ubyte.gz") << "not the original";
  setenv("GRADUS_MNIST_MIRROR", ("file://" + (folder_ / "mirror").string()).c_str(), 1);
  testing::internal::CaptureStderr();
  const auto got = download_mnist(folder_ / "cache");
  unsetenv("GRADUS_MNIST_MIRROR");
  EXPECT_FALSE(got.has_value());
  EXPECT_NE(testing::internal::GetCapturedStderr().find("is not the original: its md5 is"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(folder_ / "cache"));
}

TEST_F(Digits, HelpNamesTheOptions) {
  const Outcome help = run(kProgram + " --help");
  EXPECT_EQ(help.code, 0);
  for (const char* option :
       {"--data", "GRADUS_DATA", "--epochs", "--seed", "--threads", "--out", "--resume", "--batch", "--drawn"})
    EXPECT_NE(help.said.find(option), std::string::npos) << option << "\n" << help.said;
}

TEST_F(Digits, AFolderWithoutTheFilesIsAnError) {
  const std::string out = " --out " + (folder_ / "out").string();
  const Outcome empty = run(kProgram + " --data " + folder_.string() + out);
  EXPECT_EQ(empty.code, 1);
  EXPECT_NE(empty.said.find("digits: error: there is no train-images-idx3-ubyte"), std::string::npos) << empty.said;
  const Outcome missing = run(kProgram + " --data " + (folder_ / "nowhere").string() + out);
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.said.find("nowhere"), std::string::npos) << missing.said;
  std::ofstream(folder_ / "train-images-idx3-ubyte") << "no idx file";
  std::ofstream(folder_ / "train-labels-idx1-ubyte") << "no idx file";
  const Outcome broken = run(kProgram + " --data " + folder_.string() + out);
  EXPECT_EQ(broken.code, 1);
  EXPECT_NE(broken.said.find("digits: error: "), std::string::npos) << broken.said;
}

TEST_F(Digits, TheProgramInterruptedByASignalResumesToTheSameBits) {
  const std::string command = kProgram + " --drawn --limit 1000 --epochs 2 --batch 50 --threads 2";
  const Outcome straight = run(command + " --out " + (folder_ / "straight").string());
  EXPECT_EQ(straight.code, 0) << straight.said;
  const size_t last = straight.said.rfind("\n", straight.said.size() - 2) + 1;
  EXPECT_EQ(straight.said.compare(last, 15, "test accuracy: "), 0) << straight.said;
  if (run("gnuplot --version").code == 0) {
    for (const char* picture : {"curves.png", "confusion.png", "misread.png"})
      EXPECT_EQ(bytes_of(folder_ / "straight" / picture).compare(0, 4, "\x89PNG"), 0) << picture;
  }
  const std::string parts = command + " --out " + (folder_ / "parts").string();
  // The shell becomes the program, and its own process number is what the signal goes to.
  const Outcome stopped =
      run("sh -c 'echo $$ > " + (folder_ / "pid").string() + "; exec " + parts + "' & sleep 1; kill -INT $(cat " +
          (folder_ / "pid").string() + "); wait $!; echo code $?");
  if (stopped.said.find("code 130") != std::string::npos) {
    EXPECT_NE(stopped.said.find("--resume goes on"), std::string::npos) << stopped.said;
    const Outcome resumed = run(parts + " --resume");
    EXPECT_EQ(resumed.code, 0) << resumed.said;
  }
  expect_same_bits("straight", "parts");
}

// The whole job on the real files, where there are any.
class DigitsLong : public Digits {
 protected:
  Outcome learn(const std::string& name) {
    const char* data = std::getenv("GRADUS_DATA");
    const fs::path folder = fs::path(data ? data : "") / name;
    if (!data || !fs::exists(folder / "train-images-idx3-ubyte.gz")) return {-1, ""};
    return run(kProgram + " --data " + folder.string() + " --out " + (folder_ / name).string());
  }
  static double accuracy(const Outcome& done) {
    const size_t at = done.said.find("test accuracy: ");
    return at == std::string::npos ? 0 : std::atof(done.said.c_str() + at + 15);
  }
};

TEST_F(DigitsLong, Mnist) {
  const Outcome done = learn("mnist");
  if (done.code < 0) GTEST_SKIP() << "GRADUS_DATA has no mnist";
  EXPECT_GE(accuracy(done), 99.2) << done.said;
}

TEST_F(DigitsLong, FashionMnist) {
  const Outcome done = learn("fashion-mnist");
  if (done.code < 0) GTEST_SKIP() << "GRADUS_DATA has no fashion-mnist";
  EXPECT_GE(accuracy(done), 91.0) << done.said;
}

}  // namespace
