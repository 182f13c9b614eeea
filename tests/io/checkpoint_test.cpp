#include "gradus/io/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "faulty_file_system.h"
#include "gradus/io/atomic_file.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace gradus::io {
namespace {

Tensor counted(int64_t n, int first = 0) {
  Tensor tensor = empty({n}, kFloat);
  for (int64_t i = 0; i < n; ++i) tensor.data_ptr<float>()[i] = static_cast<float>(first + i);
  return tensor;
}

bool same(const Tensor& x, const Tensor& y) {
  return x.scalar_type() == y.scalar_type() && x.sizes() == y.sizes() &&
         std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0;
}

std::string written(const Checkpoint& checkpoint, const TemporaryFolder& folder) {
  checkpoint.save(folder / "run");
  return folder / "run";
}

TEST(Checkpoint, KeepsTextsAndNumbersExactly) {
  TemporaryFolder folder;
  Checkpoint saved;
  saved.put("epoch", 3);
  saved.put("large", std::numeric_limits<int64_t>::min());
  saved.put("best", 0.1 + 0.2);
  saved.put("worst", -std::numeric_limits<double>::infinity());
  saved.put("model", "cnn");
  EXPECT_FALSE(Checkpoint::exists(folder / "run"));
  const Checkpoint loaded = Checkpoint::load(written(saved, folder));
  EXPECT_TRUE(Checkpoint::exists(folder / "run"));
  EXPECT_EQ(loaded.integer("epoch"), 3);
  EXPECT_EQ(loaded.integer("large"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(loaded.real("best"), 0.1 + 0.2);
  EXPECT_EQ(loaded.real("worst"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(loaded.text("model"), "cnn");
  EXPECT_TRUE(loaded.has("model") && !loaded.has("modell"));
  EXPECT_TRUE(contains(error_of([&] { loaded.text("x"); }), "there is no 'x' in it"));
  EXPECT_TRUE(contains(error_of([&] { loaded.integer("model"); }), "model is not a number: 'cnn'"));
  EXPECT_TRUE(contains(error_of([&] { loaded.integer("best"); }), "is not a number"));
}

TEST(Checkpoint, TellsModelAndPartsApart) {
  TemporaryFolder folder;
  Checkpoint saved;
  saved.put_part("optimizer", {{"state.0.exp_avg", counted(3)}, {"param_groups.0.lr", counted(1)}});
  saved.put_model({{"conv1.weight", counted(4)}, {"optimizer", counted(2)}, {"bn.running_mean", counted(5)}});
  saved.put_part("scheduler", StateDict());
  const Checkpoint loaded = Checkpoint::load(written(saved, folder));
  EXPECT_EQ(loaded.model().keys(), (std::vector<std::string>{"conv1.weight", "optimizer", "bn.running_mean"}));
  EXPECT_TRUE(same(loaded.model()["conv1.weight"], counted(4)));
  EXPECT_EQ(loaded.part("optimizer").keys(), (std::vector<std::string>{"state.0.exp_avg", "param_groups.0.lr"}));
  EXPECT_TRUE(loaded.part("scheduler").is_empty());
  EXPECT_TRUE(loaded.has_part("scheduler") && !loaded.has_part("generator"));
  EXPECT_TRUE(contains(error_of([&] { loaded.part("generator"); }), "'gradus.part.generator'"));
}

TEST(Checkpoint, APartIsWholeOrRefused) {
  Checkpoint checkpoint;
  checkpoint.put_part("optimizer", {{"m", counted(1)}});
  checkpoint.put("gradus.part.scheduler", 2);
  checkpoint.put_model({{"scheduler", counted(1)}});
  EXPECT_EQ(checkpoint.part("optimizer").size(), 1u);
  EXPECT_TRUE(contains(error_of([&] { checkpoint.part("scheduler"); }),
                       "checkpoint: part 'scheduler' has 0 tensors, expected 2"));
}

TEST(Checkpoint, RefusesNamesThatBelongToTwo) {
  Checkpoint checkpoint;
  checkpoint.put_part("optimizer", StateDict());
  EXPECT_TRUE(contains(error_of([&] { checkpoint.put_model({{"optimizer.lr", counted(1)}}); }), "would be taken"));
  EXPECT_TRUE(contains(error_of([&] { checkpoint.put_part("optimizer", StateDict()); }), "a name of its own"));
  EXPECT_TRUE(contains(error_of([&] { checkpoint.put_part("a.b", StateDict()); }), "no dot"));
  EXPECT_TRUE(contains(error_of([&] { checkpoint.put_part("", StateDict()); }), "a name of its own"));
  checkpoint.put_model({{"fc.weight", counted(1)}});
  EXPECT_TRUE(contains(error_of([&] { checkpoint.put_part("fc", StateDict()); }), "would be taken"));
}

TEST(Checkpoint, TheGeneratorGoesOnWhereItWas) {
  TemporaryFolder folder;
  Generator generator(17);
  for (int i = 0; i < 5; ++i) generator.random();
  Checkpoint saved;
  saved.put_generator(generator);
  const uint64_t next = generator.random64();
  const Checkpoint loaded = Checkpoint::load(written(saved, folder));
  Generator other(3);
  loaded.restore_generator(other);
  EXPECT_EQ(other.random64(), next);
  Checkpoint wrong;
  wrong.put_part("generator", {{"state", counted(3)}});
  EXPECT_TRUE(contains(error_of([&] { wrong.restore_generator(other); }), "is not the state of a generator"));
}

TEST(Checkpoint, FallsBackToThePreviousOneAndSaysWhy) {
  TemporaryFolder folder;
  const std::string path = folder / "run";
  const auto save = [&](int epoch) {
    Checkpoint checkpoint;
    checkpoint.put("epoch", epoch);
    checkpoint.put_model({{"w", counted(4, epoch)}});
    checkpoint.save(path);
  };
  EXPECT_TRUE(contains(error_of([&] { Checkpoint::load(path); }), "No such file or directory; nor can the previous"));
  save(1);
  save(2);
  EXPECT_EQ(Checkpoint::load(path).integer("epoch"), 2);
  std::string bytes = read_file(path, 1 << 20);
  bytes.back() = static_cast<char>(bytes.back() + 1);
  // Another file, not other bytes in the one that may also be the previous.
  std::filesystem::remove(path);
  write_plain(path, bytes);
  testing::internal::CaptureStderr();
  EXPECT_EQ(Checkpoint::load(path).integer("epoch"), 1);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(contains(said, path + ": checksum differs") && contains(said, "continuing from " + previous_path(path)))
      << said;
  write_plain(previous_path(path), "junk");
  EXPECT_TRUE(contains(error_of([&] { Checkpoint::load(path); }), "checksum differs"));
  EXPECT_TRUE(contains(error_of([&] { Checkpoint::load(path); }), previous_path(path)));
}

}  // namespace
}  // namespace gradus::io
