// The main job, run short: it learns, goes on after an interruption to the same bits, and says what is wrong.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gradus/autograd/ops/ops.h"
#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/digits/download.h"
#include "gradus/examples/digits/report.h"
#include "gradus/examples/digits/training.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/generator.h"
#include "gradus/tensor/parallel.h"

namespace {

namespace fs = std::filesystem;
namespace nn = gradus::nn;
using namespace digits;
using End = Training::End;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

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

// A signal handler's view of a training: whether Ctrl-C would come while it validates.
nn::Module* watched = nullptr;
volatile sig_atomic_t came_in_validation = 0;
void look(int) {
  if (watched && !watched->is_training()) came_in_validation = 1;
}

// Calls `look` in this thread, 5000 times a second.
class Looks {
 public:
  explicit Looks(nn::Module& net) {
    examples::catch_interrupt();  // for its stack
    came_in_validation = 0;
    watched = &net;
    struct sigaction action = {};
    action.sa_handler = look;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigaction(SIGALRM, &action, &before_);
    sigevent event = {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGALRM;
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    EXPECT_EQ(timer_create(CLOCK_MONOTONIC, &event, &timer_), 0);
    const itimerspec often{{0, 200000}, {0, 200000}};
    timer_settime(timer_, 0, &often, nullptr);
  }
  ~Looks() {
    timer_delete(timer_);
    watched = nullptr;
    sigaction(SIGALRM, &before_, nullptr);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
  }

 private:
  struct sigaction before_;
  timer_t timer_;
};

TEST_F(Digits, InterruptedDuringValidationResumesToTheSameBits) {
  train("straight", {});
  {
    Training training(few().train, few().fingerprint(), options("parts"));
    const Looks looks(*training.net());
    EXPECT_EQ(training.run([] { return came_in_validation != 0; }), End::interrupted);
    EXPECT_EQ(training.epoch(), 1);
  }
  Training training(few().train, few().fingerprint(), options("parts"));
  training.resume();
  EXPECT_EQ(training.run([] { return false; }), End::finished);
  expect_same_bits("straight", "parts");
}

TEST_F(Digits, ResumesWithTheThreadsThatItHad) {
  const int before = gradus::get_num_threads();
  gradus::set_num_threads(1);
  train("straight", {});
  {
    Training training(few().train, few().fingerprint(), options("parts"));
    int left = 4;
    EXPECT_EQ(training.run([&] { return left-- == 0; }), End::interrupted);
  }
  gradus::set_num_threads(3);
  TrainingOptions asked = options("parts");
  asked.threads = 3;
  testing::internal::CaptureStderr();
  Training(few().train, few().fingerprint(), asked).resume();
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "with --threads 3 instead of 1 the last bits of the result will differ\n");
  Training training(few().train, few().fingerprint(), options("parts"));
  training.resume();
  EXPECT_EQ(gradus::get_num_threads(), 1);
  EXPECT_EQ(training.run([] { return false; }), End::finished);
  gradus::set_num_threads(before);
  expect_same_bits("straight", "parts");
}

// What an exception leaves on the disk is what a killed process leaves: the last state that was saved.
TEST_F(Digits, KilledAnywhereResumesToTheSameBits) {
  struct Killed {};
  train("straight", {});
  for (const int batches : {0, 5, 9, 14, 26}) {
    fs::remove_all(folder_ / "parts");
    Training first(few().train, few().fingerprint(), options("parts"));
    int left = batches;
    const auto stop = [&] { return left-- == 0 ? throw Killed() : false; };
    EXPECT_THROW(first.run(stop), Killed);
    Training second(few().train, few().fingerprint(), options("parts"));
    second.resume();
    EXPECT_EQ(second.epoch(), batches / 9);
    EXPECT_EQ(second.run([] { return false; }), End::finished);
    expect_same_bits("straight", "parts");
  }
}

TEST_F(Digits, OneStepIsARun) {
  TrainingOptions o = options("a");
  o.epochs = 1;
  o.batch_size = 512;
  Training training(few().train, few().fingerprint(), o);
  ASSERT_EQ(training.batches(), 1);
  EXPECT_EQ(training.run([] { return false; }), End::finished);
}

TEST_F(Digits, ANetworkOfAnotherRunIsNotTakenForTheBest) {
  std::ofstream(best_path(options("a").out)) << "of another run";
  TrainingOptions o = options("a");
  o.rate = 1e30;
  Training training(few().train, few().fingerprint(), o);
  training.run([] { return false; });
  EXPECT_FALSE(training.has_best());
  EXPECT_EQ(bytes_of(best_path(o.out)), "of another run");
  o.rate = 1e-3;
  o.epochs = 1;
  Training good(few().train, few().fingerprint(), o);
  good.run([] { return false; });
  EXPECT_TRUE(good.has_best());
  EXPECT_NE(bytes_of(best_path(o.out)), "of another run");
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
  o = options("a");
  o.shift = 2;
  expect_refused(o, few().fingerprint(), "made with --shift 1, got 2");
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

// The four files in IDX format: a magic number, the sizes, the bytes.
void write_files(const fs::path& folder, const std::string& dash, int images) {
  fs::create_directories(folder);
  for (const std::string& set : {std::string("train"), std::string("t10k")}) {
    const std::string n = {0, 0, 0, static_cast<char>(images)}, side = {0, 0, 0, 28};
    std::ofstream(folder / (set + "-images" + dash + "idx3-ubyte"), std::ios::binary)
        << std::string{0, 0, 8, 3} << n << side << side << std::string(static_cast<size_t>(images) * 784, '\x7f');
    std::ofstream(folder / (set + "-labels" + dash + "idx1-ubyte"), std::ios::binary)
        << std::string{0, 0, 8, 1} << n << std::string(static_cast<size_t>(images), '\3');
  }
}

TEST_F(Digits, FilesAreFoundUnderTheNamesThatArchivesGiveThem) {
  write_files(folder_ / "dashes", "-", 12);
  write_files(folder_ / "dots" / "mnist", ".", 12);
  for (const char* name : {"dashes", "dots"}) {
    examples::Settings settings;
    settings.data = folder_ / name;
    const ImageSet set = find_images(settings);
    EXPECT_EQ(set.name, "MNIST");
    EXPECT_EQ(set.train.size(), 12);
    EXPECT_EQ(set.test.classes[5].item<int64_t>(), 3);
    EXPECT_FLOAT_EQ(set.train.pixels[11][0][27][27].item<float>(), 127.0f / 255);
  }
  write_files(folder_ / "none", "-", 0);
  EXPECT_THROW(read_images(folder_ / "none"), gradus::Error);
}

TEST_F(Digits, TheFolderTellsWhatTheImagesShow) {
  const auto name = [&](const fs::path& folder) {
    write_files(folder_ / folder, "-", 10);
    return read_images(folder_ / folder).name;
  };
  EXPECT_EQ(name("fashion-mnist"), "Fashion-MNIST");
  EXPECT_EQ(name("FashionMNIST/raw/"), "Fashion-MNIST");
  EXPECT_EQ(name("fashion-mnist/../mnist"), "MNIST");
  EXPECT_EQ(name("old-fashioned/data/mnist"), "MNIST");
  EXPECT_EQ(read_images(folder_ / "fashion-mnist").names[9], "boot");
}

TEST_F(Digits, Md5IsThatOfItsDefinition) {
  EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
  EXPECT_EQ(md5(std::string(56, 'a')), "3b0c8ac703f828b04c6c197006d17218");
  EXPECT_EQ(md5(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

TEST_F(Digits, ADownloadOfTheOriginalIsKeptAndNotFetchedAgain) {
  const char* data = std::getenv("GRADUS_DATA");
  const fs::path original = fs::path(data ? data : "") / "mnist";
  if (!data || !fs::exists(original / "train-images-idx3-ubyte.gz")) GTEST_SKIP() << "GRADUS_DATA has no mnist";
  if (std::system("curl --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no curl";
  setenv("GRADUS_MNIST_MIRROR", ("file://" + fs::absolute(original).string()).c_str(), 1);
  EXPECT_EQ(download_mnist(folder_ / "cache"), folder_ / "cache");
  setenv("GRADUS_MNIST_MIRROR", "file:///nowhere", 1);
  EXPECT_EQ(download_mnist(folder_ / "cache"), folder_ / "cache");
  unsetenv("GRADUS_MNIST_MIRROR");
  EXPECT_EQ(bytes_of(folder_ / "cache" / "t10k-labels-idx1-ubyte.gz"),
            bytes_of(original / "t10k-labels-idx1-ubyte.gz"));
}

TEST_F(Digits, ADownloadThatIsNotTheOriginalIsRefused) {
  if (std::system("curl --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no curl";
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

}  // namespace
