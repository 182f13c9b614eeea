#include "gradus/io/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "faulty_file_system.h"
#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

std::string gzipped(const std::string& text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string sample(size_t n) {
  std::string text;
  for (uint32_t state = 1; text.size() < n; state = state * 1664525 + 1013904223)
    text.append(1 + state % 5, static_cast<char>(state >> 24));
  text.resize(n);
  return text;
}

class Gzip : public testing::Test {
 protected:
  std::string read(const std::string& bytes, uint64_t limit = 1 << 24) {
    write_plain(path_, bytes);
    return read_maybe_gzip(path_, limit);
  }
  std::string refusal(const std::string& bytes, uint64_t limit = 1 << 24) {
    const std::string text = error_of([&] { read(bytes, limit); });
    EXPECT_TRUE(contains(text, path_)) << text;
    return text;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "data";
};

TEST_F(Gzip, ReadsPlainAndCompressed) {
  for (const size_t size : {0, 1, 2, 3, 65535, 65536, 65537, 1000000}) {
    const std::string text = sample(size);
    EXPECT_EQ(read(text), text) << size;
    EXPECT_EQ(read(gzipped(text)), text) << size;
  }
}

TEST_F(Gzip, ReadsSeveralMembers) {
  const std::string text = sample(100000);
  EXPECT_EQ(read(gzipped(text) + gzipped("") + gzipped("end")), text + "end");
}

TEST_F(Gzip, RefusesEveryTruncation) {
  const std::string packed = gzipped(sample(3000));
  for (size_t size = 2; size < packed.size(); size += 3)
    EXPECT_TRUE(contains(refusal(packed.substr(0, size)), "truncated")) << size;
}

TEST_F(Gzip, RefusesOrReadsTheSameAfterAnyFlippedBit) {
  const std::string text = sample(700), packed = gzipped(text);
  size_t refused = 0;
  for (size_t at = 2; at < packed.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = packed;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      write_plain(path_, bad);
      std::string got;
      const std::string error = error_of([&] { got = read_maybe_gzip(path_, 1 << 24); });
      refused += !error.empty();
      EXPECT_TRUE(error.empty() ? got == text : contains(error, path_)) << at << " bit " << bit << ": " << error;
    }
  // What may differ: time stamp, system and padding; and rarely two codes stand for the same text.
  EXPECT_GT(refused, 8 * packed.size() * 9 / 10);
}

TEST_F(Gzip, RefusesTrailingGarbage) {
  EXPECT_TRUE(contains(refusal(gzipped("abc") + "x"), "trailing garbage"));
  EXPECT_TRUE(contains(refusal(gzipped("abc") + std::string(8, '\0')), "trailing garbage"));
  EXPECT_TRUE(contains(refusal(gzipped("abc") + "\x1f"), "trailing garbage"));
}

TEST_F(Gzip, StopsAtTheLimit) {
  const std::string text = sample(100000);
  EXPECT_EQ(read(text, 100000), text);
  EXPECT_EQ(read(gzipped(text), 100000), text);
  EXPECT_TRUE(contains(refusal(text, 99999), "more than the allowed 99999"));
  EXPECT_TRUE(contains(refusal(gzipped(text), 99999), "more than the allowed 99999"));
  EXPECT_TRUE(contains(refusal(gzipped(std::string(20 << 20, '\0')), 1000), "more than the allowed 1000"));
  EXPECT_EQ(read(gzipped(text), static_cast<uint64_t>(-1)), text);
}

TEST_F(Gzip, NamesThePathWhenReadingFails) {
  write_plain(path_, gzipped(sample(500000)));
  for (int at = 0; at < 4; ++at) {
    FaultyFileSystem fs(FaultyFileSystem::Fault::kError, at, EIO);
    EXPECT_TRUE(contains(error_of([&] { read_maybe_gzip(path_, 1 << 24, fs); }), path_ + ": Input/output error"));
  }
}

}  // namespace
}  // namespace gradus::io
