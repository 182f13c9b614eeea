#include "gradus/data/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "../io/faulty_file_system.h"
#include "gradus/data/mnist.h"
#include "gradus/tensor/error.h"

namespace gradus::data {
namespace {

using io::contains;
using io::error_of;
using io::TemporaryFolder;
using io::write_plain;

std::string big_endian(uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// An idx file of that element type and those sizes.
std::string idx(int type, const std::vector<uint32_t>& sizes, const std::string& data) {
  std::string text = {'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (const uint32_t size : sizes) text += big_endian(size, 4);
  return text + data;
}

std::string counting(size_t n, int modulus = 256) {
  std::string text;
  for (size_t i = 0; i < n; ++i) text += static_cast<char>(i % static_cast<size_t>(modulus));
  return text;
}

void write_gzip(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  if (!file || gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())) != static_cast<int>(bytes.size()) ||
      gzclose(file) != Z_OK)
    std::abort();
}

class Idx : public testing::Test {
 protected:
  Tensor read(const std::string& bytes) {
    write_plain(path_, bytes);
    return read_idx(path_);
  }
  std::string refusal(const std::string& bytes) {
    const std::string text = error_of([&] { read(bytes); });
    EXPECT_TRUE(contains(text, path_)) << text;
    return text;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "file";
};

TEST_F(Idx, ReadsBytesOfAnyShape) {
  const Tensor images = read(idx(8, {3, 4, 5}, counting(60)));
  EXPECT_EQ(images.sizes(), IntArrayRef({3, 4, 5}));
  EXPECT_EQ(images.scalar_type(), kByte);
  for (int i = 0; i < 60; ++i) EXPECT_EQ(images.data_ptr<uint8_t>()[i], i);
  EXPECT_EQ(read(idx(8, {2}, "ab")).data_ptr<uint8_t>()[1], 'b');
  EXPECT_EQ(read(idx(8, {0, 7}, "")).numel(), 0);
  EXPECT_EQ(read(idx(8, {1, 1, 1, 1, 1, 1}, "a")).dim(), 6);
}

TEST_F(Idx, ReadsEveryElementType) {
  const Tensor chars = read(idx(0x09, {3}, "\x01\xff\x80"));
  EXPECT_EQ(chars.scalar_type(), kInt);
  EXPECT_EQ(chars.data_ptr<int32_t>()[1], -1);
  EXPECT_EQ(chars.data_ptr<int32_t>()[2], -128);
  EXPECT_EQ(read(idx(0x0B, {2}, big_endian(0xfffe, 2) + big_endian(258, 2))).data_ptr<int32_t>()[0], -2);
  EXPECT_EQ(read(idx(0x0B, {2}, big_endian(0xfffe, 2) + big_endian(258, 2))).data_ptr<int32_t>()[1], 258);
  EXPECT_EQ(read(idx(0x0C, {1}, big_endian(0xfffffff0, 4))).data_ptr<int32_t>()[0], -16);
  const Tensor floats = read(idx(0x0D, {2}, big_endian(0x3fc00000, 4) + big_endian(0x7fc00000, 4)));
  EXPECT_EQ(floats.scalar_type(), kFloat);
  EXPECT_EQ(floats.data_ptr<float>()[0], 1.5f);
  EXPECT_TRUE(std::isnan(floats.data_ptr<float>()[1]));
  const Tensor doubles = read(idx(0x0E, {1}, big_endian(0xbff8000000000000, 8)));
  EXPECT_EQ(doubles.scalar_type(), kDouble);
  EXPECT_EQ(doubles.data_ptr<double>()[0], -1.5);
}

TEST_F(Idx, ReadsGzip) {
  write_gzip(path_, idx(8, {100, 28, 28}, counting(78400)));
  const Tensor images = read_idx(path_);
  EXPECT_EQ(images.sizes(), IntArrayRef({100, 28, 28}));
  EXPECT_EQ(images.data_ptr<uint8_t>()[1000], 1000 % 256);
}

TEST_F(Idx, RefusesEveryTruncationAndTrailingBytes) {
  for (const int type : {0x08, 0x0C}) {
    const std::string good = idx(type, {2, 3}, counting(type == 8 ? 6 : 24));
    for (size_t size = 0; size < good.size(); ++size)
      EXPECT_TRUE(contains(refusal(good.substr(0, size)), "truncated")) << size;
    EXPECT_TRUE(contains(refusal(good + "x"), "trailing bytes"));
  }
  const std::string good = idx(8, {100, 9}, counting(900));
  write_gzip(path_, good);
  const std::string packed = io::read_file(path_, 1 << 20);
  for (size_t size = 2; size < packed.size(); size += 5) refusal(packed.substr(0, size));
  for (const size_t size : {good.size() - 1, good.size() - 900, size_t{7}}) {
    write_gzip(path_, good.substr(0, size));
    EXPECT_TRUE(contains(error_of([&] { read_idx(path_); }), path_ + ": truncated"));
  }
  write_gzip(path_, good + "x");
  EXPECT_TRUE(contains(error_of([&] { read_idx(path_); }), "trailing bytes"));
}

TEST_F(Idx, RefusesForeignMagicNumbers) {
  EXPECT_TRUE(contains(refusal("PK\x03\x04 and more"), "not an idx file"));
  for (const int type : {0, 7, 10, 15, 255})
    EXPECT_TRUE(contains(refusal(idx(type, {1}, "a")), "not an idx file")) << type;
  EXPECT_TRUE(contains(refusal(idx(8, {}, "a")), "not an idx file"));
  EXPECT_TRUE(contains(refusal(idx(8, std::vector<uint32_t>(65, 1), "a")), "more than 64 dimensions"));
}

TEST_F(Idx, RefusesSizesBeforeTakingMemory) {
  const uint32_t huge = 0xffffffff;
  EXPECT_TRUE(contains(refusal(idx(8, {huge, huge, huge}, "")), "overflow"));
  EXPECT_TRUE(contains(refusal(idx(8, {0, huge, huge, huge}, "")), "overflow"));
  EXPECT_TRUE(contains(refusal(idx(0x0E, {huge, huge}, "")), "overflow"));
  EXPECT_TRUE(contains(refusal(idx(8, {huge, 1000}, "abc")), "more than it can hold"));
  write_gzip(path_, idx(8, {huge, 1000}, counting(5000)));
  EXPECT_TRUE(contains(error_of([&] { read_idx(path_); }), "more than it can hold"));
}

TEST_F(Idx, AnyFlippedByteOfTheHeaderIsRefusedOrReadAsItSays) {
  const std::string good = idx(8, {6, 4}, counting(24));
  for (size_t at = 0; at < 12; ++at)
    for (int flip = 1; flip < 256; ++flip) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ flip);
      write_plain(path_, bad);
      Tensor got;
      const std::string text = error_of([&] { got = read_idx(path_); });
      // A byte count that still fits: one dimension less would leave bytes over, other types need more.
      EXPECT_TRUE(contains(text, path_) || (got.defined() && got.numel() == 24)) << at << " " << flip;
    }
}

class MnistFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) { write_plain(folder_ / name, bytes); }
  void write_all(size_t n) {
    write("train-images-idx3-ubyte", idx(8, {static_cast<uint32_t>(n), 28, 28}, counting(n * 784)));
    write("train-labels-idx1-ubyte", idx(8, {static_cast<uint32_t>(n)}, counting(n, 10)));
  }
  std::string refusal() {
    return error_of([&] { datasets::MNIST(folder_.path()); });
  }
  TemporaryFolder folder_;
};

TEST_F(MnistFiles, AreReadAsFloatsAndClasses) {
  write_all(12);
  write_gzip(folder_ / "t10k-images-idx3-ubyte.gz", idx(8, {2, 28, 28}, counting(1568)));
  write_gzip(folder_ / "t10k-labels.idx1-ubyte.gz", idx(8, {2}, counting(2)));
  datasets::MNIST train(folder_.path()), test(folder_.path(), datasets::MNIST::Mode::kTest);
  EXPECT_TRUE(train.is_train());
  EXPECT_FALSE(test.is_train());
  EXPECT_EQ(train.size(), 12u);
  EXPECT_EQ(test.size(), 2u);
  EXPECT_EQ(train.images().sizes(), IntArrayRef({12, 1, 28, 28}));
  EXPECT_EQ(train.images().scalar_type(), kFloat);
  EXPECT_EQ(train.targets().scalar_type(), kLong);
  for (int i = 0; i < 12 * 784; ++i) ASSERT_EQ(train.images().data_ptr<float>()[i], static_cast<float>(i % 256) / 255);
  EXPECT_EQ(train.get(11).target.item<int64_t>(), 1);
  EXPECT_EQ(train.get(3).data.sizes(), IntArrayRef({1, 28, 28}));
  EXPECT_EQ(train.get(3).data.data_ptr<float>()[5], static_cast<float>((3 * 784 + 5) % 256) / 255);
}

TEST_F(MnistFiles, ErrorsNameTheFile) {
  EXPECT_TRUE(contains(refusal(), "Error opening images file at " + folder_ / "train-images-idx3-ubyte"));
  write_all(3);
  std::filesystem::remove(folder_ / "train-labels-idx1-ubyte");
  EXPECT_TRUE(contains(refusal(), "Error opening targets file at " + folder_ / "train-labels-idx1-ubyte"));
  write_all(3);
  EXPECT_EQ(refusal(), "");
  write("train-labels-idx1-ubyte", idx(8, {2}, counting(2)));
  EXPECT_TRUE(contains(refusal(), "has 3 images, but") && contains(refusal(), "2 labels")) << refusal();
  write("train-labels-idx1-ubyte", idx(8, {3}, "\x01\x0a\x02"));
  EXPECT_TRUE(contains(refusal(), "labels-idx1-ubyte has a label above 9")) << refusal();
  write("train-labels-idx1-ubyte", idx(8, {3, 1}, counting(3)));
  EXPECT_TRUE(contains(refusal(), "labels-idx1-ubyte must hold bytes [N], got Byte [3, 1]")) << refusal();
  write("train-images-idx3-ubyte", idx(8, {3, 27, 28}, counting(3 * 27 * 28)));
  EXPECT_TRUE(contains(refusal(), "must hold bytes [N, 28, 28], got Byte [3, 27, 28]")) << refusal();
  write("train-images-idx3-ubyte", "junk");
  EXPECT_TRUE(contains(refusal(), folder_ / "train-images-idx3-ubyte: not an idx file")) << refusal();
}

TEST(MnistLong, TheRealFiles) {
  const char* root = std::getenv("GRADUS_DATA");
  if (!root) GTEST_SKIP() << "GRADUS_DATA is not set";
  const std::string inside = std::string(root) + "/mnist", folder = std::filesystem::exists(inside) ? inside : root;
  const datasets::MNIST train(folder), test(folder, datasets::MNIST::Mode::kTest);
  EXPECT_EQ(train.images().sizes(), IntArrayRef({60000, 1, 28, 28}));
  EXPECT_EQ(test.images().sizes(), IntArrayRef({10000, 1, 28, 28}));
  EXPECT_EQ(train.targets().sizes(), IntArrayRef({60000}));
  const double mean = train.images().mean().item<double>();
  EXPECT_TRUE(std::abs(mean - 0.1307) < 1e-3 || std::abs(mean - 0.2860) < 1e-3) << "neither MNIST nor Fashion-MNIST";
}

}  // namespace
}  // namespace gradus::data
