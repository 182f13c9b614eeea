#include "gradus/io/safetensors.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "faulty_file_system.h"
#include "gradus/io/atomic_file.h"
#include "gradus/io/checkpoint.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"
#include "gradus/tests/parity/safetensors_values.h"
#include "gradus/tests/paths.h"

namespace gradus::io {
namespace {

using Fault = FaultyFileSystem::Fault;

/// A tensor whose bytes count up from `first`; bools alternate.
Tensor counted(IntArrayRef sizes, ScalarType dtype, int first = 1) {
  Tensor tensor = empty(sizes, dtype);
  auto* bytes = static_cast<unsigned char*>(tensor.data_ptr());
  for (size_t i = 0; i < tensor.nbytes(); ++i)
    bytes[i] = static_cast<unsigned char>(dtype == kBool ? (static_cast<size_t>(first) + i) % 2
                                                         : static_cast<size_t>(first) + i);
  return tensor;
}

NamedTensors sample(int first = 1) {
  return {{"fc.weight", counted({3, 4}, kFloat, first)}, {"mask", counted({5}, kBool, first)},
          {"fc.bias", counted({3}, kFloat, first)},      {"step", counted({}, kLong, first)},
          {"none", counted({0, 7}, kDouble, first)},     {"state", counted({13}, kByte, first)},
          {"high", counted({2, 1, 2}, kDouble, first)},  {"index", counted({3}, kInt, first)},
          {"half", counted({3, 1}, kHalf, first)},       {"brain", counted({5}, kBFloat16, first)},
          {"small", counted({3}, kChar, first)},         {"short", counted({2, 2}, kShort, first)}};
}

const StringPairs kMetadata = {{"epoch", "3"}, {"note", "ü \"quoted\"\n"}};

bool same(const Tensor& x, const Tensor& y) {
  if (x.scalar_type() != y.scalar_type() || !(x.sizes() == y.sizes())) return false;
  return x.nbytes() == 0 || std::memcmp(x.contiguous().data_ptr(), y.contiguous().data_ptr(), x.nbytes()) == 0;
}

bool same(const NamedTensors& a, const NamedTensors& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].first != b[i].first || !same(a[i].second, b[i].second)) return false;
  return true;
}

class Safetensors : public testing::Test {
 protected:
  std::string bytes() { return read_file(path_, 1 << 24); }
  /// The text of the refusal of a file of those bytes; empty if it is read.
  std::string refusal(const std::string& bytes) {
    write_plain(path_, bytes);
    const std::string text = error_of([&] { load_safetensors(path_); });
    EXPECT_TRUE(text.empty() || contains(text, path_)) << text;
    return text;
  }
  static std::string framed(const std::string& json, const std::string& data) {
    std::string prefix(8, '\0');
    for (size_t i = 0; i < 8; ++i) prefix[i] = static_cast<char>(uint64_t{json.size()} >> (8 * i));
    return prefix + json + data;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "model.safetensors";
};

TEST_F(Safetensors, LoadsWhatItSaved) {
  save_safetensors(path_, sample(), kMetadata);
  const SafetensorsFile file = load_safetensors(path_);
  EXPECT_TRUE(same(file.tensors, sample()));
  EXPECT_EQ(*file.find_metadata("epoch"), "3");
  EXPECT_EQ(*file.find_metadata("note"), kMetadata[1].second);
  EXPECT_EQ(file.find_metadata("gradus.crc32")->size(), 8u);
  EXPECT_EQ(file.find_metadata("other"), nullptr);
  EXPECT_EQ(file.find_tensor("fc.bias")->numel(), 3);
  EXPECT_EQ(file.find_tensor("other"), nullptr);
  save_safetensors(path_, file.tensors, file.metadata);
  EXPECT_TRUE(same(load_safetensors(path_).tensors, sample()));
  EXPECT_EQ(load_safetensors(path_).metadata.size(), 3u);
}

TEST_F(Safetensors, LoadsAnEmptyFile) {
  save_safetensors(path_, {});
  EXPECT_TRUE(load_safetensors(path_).tensors.empty());
}

TEST_F(Safetensors, SavesViewsByTheirElements) {
  const Tensor tensor = counted({4, 6}, kFloat);
  save_safetensors(path_,
                   {{"t", tensor.transpose(0, 1)}, {"row", tensor.select(0, 2)}, {"all", tensor.expand({2, 4, 6})}});
  const SafetensorsFile file = load_safetensors(path_);
  EXPECT_EQ(file.tensors[0].second.sizes(), IntArrayRef({6, 4}));
  EXPECT_TRUE(same(file.tensors[0].second, tensor.t()));
  EXPECT_TRUE(same(file.tensors[1].second, tensor[2]));
  EXPECT_TRUE(same(file.tensors[2].second, tensor.expand({2, 4, 6})));
}

TEST_F(Safetensors, SavesParametersThatNeedAGradient) {
  Tensor weight = counted({3}, kFloat);
  weight.requires_grad_();
  save_safetensors(path_, {{"w", weight}});
  EXPECT_FALSE(load_safetensors(path_).tensors[0].second.requires_grad());
}

TEST_F(Safetensors, AlignsTheDataOfEveryTensor) {
  save_safetensors(path_, sample(), kMetadata);
  const std::string all = bytes();
  uint64_t length = 0;
  std::memcpy(&length, all.data(), 8);
  EXPECT_EQ(length % 8, 0u);
  const SafetensorsHeader header = parse_safetensors_header(all.substr(8, length), all.size() - 8 - length, path_);
  for (const SafetensorsEntry& entry : header.entries)
    EXPECT_EQ(entry.begin % safetensors_element_size(entry.dtype), 0u) << entry.name;
}

TEST_F(Safetensors, RefusesToSaveWhatCannotBeRead) {
  const Tensor one = counted({1}, kFloat);
  const auto refused = [&](const NamedTensors& tensors, const StringPairs& metadata = {}) {
    return error_of([&] { save_safetensors(path_, tensors, metadata); });
  };
  EXPECT_TRUE(contains(refused({{"a", one}, {"a", one}}), "'a' occurs twice"));
  EXPECT_TRUE(contains(refused({{"__metadata__", one}}), "'__metadata__' is reserved"));
  EXPECT_TRUE(contains(refused({{"a", Tensor()}}), "a is undefined"));
  EXPECT_TRUE(contains(refused({{"a\xff", one}}), "must be UTF-8"));
  EXPECT_TRUE(contains(refused({}, {{"k", "1"}, {"k", "2"}}), "'k' occurs twice"));
  EXPECT_TRUE(contains(refused({}, {{"k", std::string(100'000'000, 'k')}}), "save_safetensors: header of 1000000"));
  EXPECT_EQ(folder_.entries(), 0u);
}

TEST_F(Safetensors, ReadsTheTypesThatPythonWritesOrNamesThem) {
  EXPECT_EQ(refusal(framed(R"({"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}})", "abcd")), "");
  // Bytes at odd places are legal.
  EXPECT_EQ(refusal(framed(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                           R"("a":{"dtype":"F32","shape":[],"data_offsets":[1,5]}})",
                           std::string("x\0\0\x80\x3f", 5))),
            "");
  EXPECT_EQ(load_safetensors(path_).find_tensor("a")->item<float>(), 1.f);
  for (const char* dtype : {"U16"})
    EXPECT_TRUE(contains(
        refusal(framed(std::string(R"({"a":{"dtype":")") + dtype + R"(","shape":[1],"data_offsets":[0,2]}})", "xx")),
        std::string("tensor a has dtype ") + dtype + ", which is not supported"));
  EXPECT_TRUE(contains(refusal(framed(R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", "\x02")),
                       "neither 0 nor 1"));
}

// The tensors of tests/parity/safetensors_file.py, which reads the file that is left behind.
TEST_F(Safetensors, HasEveryTypeAsPythonWritesIt) {
  const std::vector<double> numbers{0.0, 1.0, -2.5, 3.140625, -0.125, 100.0};
  const NamedTensors want = {{"F64", tensor(numbers, kDouble)},
                             {"F32", tensor(numbers, kFloat)},
                             {"F16", tensor(numbers, kHalf).view({2, 3})},
                             {"BF16", tensor(numbers, kBFloat16)},
                             {"I64", tensor({int64_t{1}, int64_t{-2}, int64_t{1} << 40})},
                             {"I32", tensor({1, -70000}, kInt)},
                             {"I16", tensor({1, -300, 32767}, kShort)},
                             {"I8", tensor({1, -128, 127}, kChar).view({3, 1})},
                             {"U8", tensor({0, 255}, kByte)},
                             {"BOOL", tensor({true, false, true})},
                             {"BF16.scalar", tensor(-1.5, kBFloat16)},
                             {"F16.empty", empty({0, 3}, kHalf)}};
  auto expect_all = [&](const std::string& path) {
    const SafetensorsFile file = load_safetensors(path);
    EXPECT_EQ(file.tensors.size(), want.size());
    for (const auto& [name, t] : want) {
      ASSERT_TRUE(file.find_tensor(name)) << name;
      EXPECT_TRUE(same(*file.find_tensor(name), t)) << name;
    }
  };
  write_plain(path_, std::string(std::begin(recorded::safetensors_file), std::end(recorded::safetensors_file)));
  expect_all(path_);
  const std::string ours = paths::build() + "/every_type.safetensors";
  save_safetensors(ours, want);
  expect_all(ours);
}

TEST_F(Safetensors, RefusesEveryTruncation) {
  save_safetensors(path_, sample(), kMetadata);
  const std::string good = bytes();
  for (size_t size = 0; size < good.size(); ++size) EXPECT_NE(refusal(good.substr(0, size)), "") << size;
  EXPECT_NE(refusal(good + "x"), "");
  EXPECT_EQ(refusal(good.substr(0, 4)), "safetensors: " + path_ + " is truncated: it has 4 bytes, the format needs 8");
  EXPECT_TRUE(contains(refusal(good.substr(0, 8)), " is truncated: header of "));
}

TEST_F(Safetensors, RefusesEveryChangedByteOrReadsTheSame) {
  save_safetensors(path_, sample(), kMetadata);
  const std::string good = bytes();
  size_t refused = 0, tried = 0;
  for (size_t at = 0; at < good.size(); ++at)
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      ++tried;
      if (!refusal(bad).empty()) {
        ++refused;
        continue;
      }
      const SafetensorsFile file = load_safetensors(path_);
      const bool is_identical = same(file.tensors, sample()) && file.metadata == load_safetensors(path_).metadata &&
                                file.find_metadata("epoch") && *file.find_metadata("epoch") == "3";
      // Without the key of the checksum nobody can tell; then only that key was hit.
      EXPECT_TRUE(is_identical) << "byte " << at << " flipped by " << flip;
    }
  EXPECT_GT(refused, tried * 95 / 100);
}

TEST_F(Safetensors, RefusesHeadersThatLieAboutTheirLength) {
  for (const uint64_t length : {uint64_t{0}, uint64_t{1}, uint64_t{100}, uint64_t{100'000'001}, uint64_t{1} << 40,
                                std::numeric_limits<uint64_t>::max(), std::numeric_limits<uint64_t>::max() - 7}) {
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    EXPECT_NE(refusal(bytes + "{}"), "") << length;
  }
  EXPECT_TRUE(
      contains(refusal(framed(R"({"a":{"dtype":"U8","shape":[1000000000000],"data_offsets":[0,1000000000000]}})", "x")),
               "ends at 1000000000000"));
}

TEST_F(Safetensors, NamesThePathWhenReadingFails) {
  save_safetensors(path_, sample());
  for (int at = 0; at < 6; ++at) {
    FaultyFileSystem fs(Fault::kError, at, EIO);
    EXPECT_TRUE(contains(error_of([&] { load_safetensors(path_, fs); }), path_ + ": Input/output error")) << at;
  }
}

TEST_F(Safetensors, EveryFailingCallOfASaveLeavesTheOldFile) {
  FaultyFileSystem counter;
  save_safetensors(path_, sample(1), {}, counter);
  for (int at = 0; at < counter.calls() + 4; ++at) {
    save_safetensors(path_, sample(1));
    FaultyFileSystem fs(Fault::kError, at, ENOSPC);
    const std::string text = error_of([&] { save_safetensors(path_, sample(9), {}, fs); });
    const bool is_new = text.empty() || contains(text, "in place");
    EXPECT_TRUE(same(load_safetensors(path_).tensors, sample(is_new ? 9 : 1))) << text;
    EXPECT_EQ(folder_.entries(), 2u);
  }
}

TEST_F(Safetensors, AKillAtEveryCallLeavesAWholeCheckpoint) {
  int kills = 0;
  for (const Fault fault : {Fault::kKillBefore, Fault::kKillMidway})
    for (int at = 0;; ++at) {
      save_safetensors(path_, sample(1));
      const pid_t child = ::fork();
      if (child == 0) {
        FaultyFileSystem fs(fault, at);
        save_safetensors(path_, sample(9), {}, fs);
        ::_exit(0);
      }
      int status = 0;
      ::waitpid(child, &status, 0);
      const NamedTensors found = Checkpoint::load(path_).content().tensors;
      if (WIFEXITED(status)) {
        EXPECT_TRUE(same(found, sample(9)));
        break;
      }
      ++kills;
      EXPECT_TRUE(same(found, sample(1)) || same(found, sample(9))) << "killed at call " << at;
    }
  EXPECT_GT(kills, 40);
}

}  // namespace
}  // namespace gradus::io
