// Archives: what they keep, and that nothing but a whole one is read.
#include "gradus/tensor/archive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "faulty_file_system.h"
#include "gradus/io/safetensors.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus::io {
namespace {

using serialize::InputArchive;
using serialize::OutputArchive;

std::string bytes_of(const OutputArchive& archive) {
  std::string bytes;
  archive.save_to([&](const void* part, size_t n) {
    bytes.append(static_cast<const char*>(part), n);
    return n;
  });
  return bytes;
}

InputArchive reread(const OutputArchive& archive) {
  const std::string bytes = bytes_of(archive);
  InputArchive result;
  result.load_from(bytes.data(), bytes.size());
  return result;
}

/// The text of the refusal of an archive made of these parts; empty if it is read.
std::string refusal(const NamedTensors& tensors, const StringPairs& metadata) {
  std::string bytes;
  write_safetensors([&](const void* part, size_t n) { bytes.append(static_cast<const char*>(part), n); }, tensors,
                    metadata);
  InputArchive archive;
  return error_of([&] { archive.load_from(bytes.data(), bytes.size()); });
}

OutputArchive sample() {
  OutputArchive archive, inner(archive.compilation_unit()), empty_one;
  inner.write("weight", tensor({1.5, -2.0}));
  archive.write("fc", inner);
  archive.write("empty", empty_one);
  archive.write("step", IValue(7));
  return archive;
}

TEST(Archive, KeepsTensorsValuesAndFolders) {
  OutputArchive out = sample();
  out.write("buffer", tensor({3}, kInt), /*is_buffer=*/true);
  InputArchive in = reread(out);
  EXPECT_EQ(in.keys().size(), 4u);
  InputArchive fc, nothing;
  in.read("fc", fc);
  in.read("empty", nothing);
  EXPECT_TRUE(nothing.keys().empty());
  Tensor weight, buffer;
  fc.read("weight", weight);
  in.read("buffer", buffer, true);
  EXPECT_TRUE(weight.equal(tensor({1.5, -2.0})));
  EXPECT_EQ(buffer.scalar_type(), kInt);
  IValue step;
  in.read("step", step);
  EXPECT_EQ(step.toInt(), 7);
}

TEST(Archive, SaysWhatIsMissingAndWhere) {
  OutputArchive out = sample();
  InputArchive in = reread(out), fc, other;
  in.read("fc", fc);
  Tensor x;
  IValue value;
  EXPECT_EQ(error_of([&] { fc.read("bias", x); }), "No such serialized tensor 'fc.bias'");
  EXPECT_EQ(error_of([&] { fc.read("inner", other); }), "No such serialized submodule: 'fc.inner'");
  EXPECT_TRUE(contains(error_of([&] { in.read("bad", value); }), "does not have a field with name 'bad'"));
  // Nor is one kind found under the name of another.
  EXPECT_FALSE(in.try_read("fc", x));
  EXPECT_FALSE(in.try_read("fc", value));
  EXPECT_FALSE(in.try_read("step", x));
  EXPECT_FALSE(in.try_read("step", other));
  EXPECT_FALSE(x.defined());
}

TEST(Archive, AnArchiveCanBeReadIntoItself) {
  OutputArchive out = sample();
  InputArchive in = reread(out);
  in.read("fc", in);
  EXPECT_EQ(in.keys(), std::vector<std::string>{"weight"});
}

TEST(Archive, KeepsEveryKindOfValue) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  OutputArchive out;
  out.write("none", IValue());
  out.write("true", IValue(true));
  out.write("min", IValue(std::numeric_limits<int64_t>::min()));
  out.write("third", IValue(1.0 / 3));
  out.write("tiny", IValue(5e-324));
  out.write("text", IValue("two words\nand ü"));
  out.write("no text", IValue(""));
  out.write("ints", IValue(std::vector<int64_t>{3, -1}));
  out.write("no ints", IValue(std::vector<int64_t>{}));
  out.write("doubles", IValue(std::vector<double>{nan, -inf, -0.0}));
  out.write("bools", IValue(std::vector<bool>{true, false}));
  out.write("words", IValue(std::vector<std::string>{"a 1:b", "", "c"}));
  out.write("tensors", IValue(std::vector<Tensor>{tensor({1}), Tensor(), zeros({2, 0})}));
  out.write("no tensors", IValue(std::vector<Tensor>{}));
  out.write("undefined", Tensor());
  InputArchive in = reread(out);
  const auto read = [&](const std::string& key) {
    IValue value;
    in.read(key, value);
    return value;
  };
  EXPECT_TRUE(read("none").isNone());
  EXPECT_TRUE(read("true").toBool());
  EXPECT_EQ(read("min").toInt(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(read("third").toDouble(), 1.0 / 3);
  EXPECT_EQ(read("tiny").toDouble(), 5e-324);
  EXPECT_EQ(read("text").toStringRef(), "two words\nand ü");
  EXPECT_EQ(read("no text").toStringRef(), "");
  EXPECT_EQ(read("ints").toIntVector(), (std::vector<int64_t>{3, -1}));
  EXPECT_TRUE(read("no ints").toIntVector().empty());
  const std::vector<double> doubles = read("doubles").toDoubleVector();
  ASSERT_EQ(doubles.size(), 3u);
  EXPECT_TRUE(std::isnan(doubles[0]) && doubles[1] == -inf && std::signbit(doubles[2]));
  EXPECT_EQ(read("bools").toBoolList(), (std::vector<bool>{true, false}));
  EXPECT_EQ(read("words").to<std::vector<std::string>>(), (std::vector<std::string>{"a 1:b", "", "c"}));
  const std::vector<Tensor> tensors = read("tensors").toTensorVector();
  ASSERT_EQ(tensors.size(), 3u);
  EXPECT_TRUE(tensors[0].equal(tensor({1})));
  EXPECT_FALSE(tensors[1].defined());
  EXPECT_EQ(tensors[2].sizes(), IntArrayRef({2, 0}));
  EXPECT_TRUE(read("no tensors").toTensorVector().empty());
  Tensor x = ones({1});
  in.read("undefined", x);
  EXPECT_FALSE(x.defined());
}

TEST(Archive, KeysMayHaveAnyCharacters) {
  OutputArchive out, inner;
  const std::vector<std::string> keys = {"a.b", "a%2Eb", "__metadata__", "100%", " ", "ü"};
  for (size_t i = 0; i < keys.size(); ++i) out.write(keys[i], full({}, static_cast<double>(i)));
  inner.write("b", zeros({1}));
  out.write("a", inner);
  InputArchive in = reread(out);
  for (size_t i = 0; i < keys.size(); ++i) {
    Tensor x;
    in.read(keys[i], x);
    EXPECT_EQ(x.item<double>(), static_cast<double>(i)) << keys[i];
  }
}

TEST(Archive, RefusesKeysThatCannotBeKept) {
  OutputArchive out;
  EXPECT_TRUE(contains(error_of([&] { out.write("", zeros({1})); }), "a key must not be empty"));
  out.write("a", zeros({1}));
  EXPECT_TRUE(contains(error_of([&] { out.write("a", IValue(1)); }), "'a' is written already"));
  EXPECT_TRUE(contains(error_of([&] { out.write("b", out); }), "an archive cannot be in itself"));
  OutputArchive deep;
  for (int i = 0; i < 127; ++i) {
    OutputArchive around;
    around.write("in", deep);
    deep = std::move(around);
  }
  EXPECT_EQ(error_of([&] { reread(deep); }), "");
  OutputArchive deeper;
  deeper.write("in", deep);
  EXPECT_TRUE(contains(error_of([&] { bytes_of(deeper); }), "folders are more than 128 deep"));
}

TEST(Archive, ATensorThatRequiresAGradientDoesSoAfterwards) {
  OutputArchive out;
  out.write("w", ones({2}).requires_grad_());
  out.write("x", ones({2}));
  InputArchive in = reread(out);
  Tensor w, x;
  in.read("w", w);
  in.read("x", x);
  EXPECT_TRUE(w.requires_grad() && w.is_leaf());
  EXPECT_FALSE(x.requires_grad());
}

TEST(Archive, EachReadingIsACopy) {
  OutputArchive out;
  out.write("w", ones({2}));
  InputArchive in = reread(out);
  Tensor a, b;
  in.read("w", a);
  a.fill_(5);
  in.read("w", b);
  EXPECT_TRUE(b.equal(ones({2})));
}

TEST(Archive, ADefinedTensorTakesTheData) {
  OutputArchive out;
  out.write("w", full({3}, 2.0, kDouble));
  InputArchive in = reread(out);
  Tensor w = zeros({2, 2}).requires_grad_(), same = w;
  in.read("w", w);
  EXPECT_TRUE(w.is_same(same));
  EXPECT_TRUE(same.requires_grad());
  EXPECT_TRUE(same.detach().equal(full({3}, 2.0, kDouble)));
}

TEST(Archive, AFileOfTensorsIsAnArchive) {
  EXPECT_EQ(refusal({{"fc.weight", ones({1})}}, {}), "");
  EXPECT_EQ(refusal({}, {{"other", "words"}}), "");
}

TEST(Archive, RefusesWhatIsNone) {
  const Tensor x = ones({1});
  const auto with = [&](const std::string& path, const std::string& value) {
    return refusal({{"x", x}, {"list.0", x}, {"odd.1", x}}, {{"gradus.archive", "1"}, {"gradus.value." + path, value}});
  };
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"x", "int 1", "already defined"},
      {"x.y", "int 1", "both a value and a folder"},
      {"x", "folder", "both a value and a folder"},
      {"y", "int", "'' is not a number"},
      {"y", "int 1x", "'1x' is not a number"},
      {"y", "int 9223372036854775808", "is not a number"},
      {"y", "double one", "'one' is not a number"},
      {"y", "bool maybe", "'maybe' is neither true nor false"},
      {"y", "ints 1 x", "'x' is not a number"},
      {"y", "strings 5:ab", "a string of 5 bytes in a text of 2"},
      {"y", "strings 99999999999999999999:", "is not a number"},
      {"y", "strings ab", "a string has no length"},
      {"y", "complex 1", "'complex' is not a kind of value"},
      {"y", "", "'' is not a kind of value"},
      {"y", "requires_grad", "there is no such tensor"},
      {"list", "requires_grad", "there is no such tensor"},
      {"list", "tensors 2", "it does not have 2 tensors"},
      {"odd", "tensors 1", "tensor 0 is missing"},
      {"x", "tensors 1", "it does not have 1 tensors"},
      {"none", "tensors 1", "it does not have 1 tensors"},
      {"", "int 1", "a name in it is empty"},
      {"a..b", "int 1", "a name in it is empty"},
      {"a%", "int 1", "is not followed by"},
      {"a%2", "int 1", "is not followed by"},
      {"a%41", "int 1", "is not followed by"},
  };
  for (const auto& [path, value, reason] : cases) {
    const std::string text = with(path, value);
    EXPECT_TRUE(contains(text, reason) && contains(text, "gradus.value." + path))
        << path << "=" << value << ": " << text;
  }
  EXPECT_TRUE(contains(with("list", "tensors 1"), "") && with("list", "tensors 1").empty());
  EXPECT_TRUE(contains(refusal({{"n", tensor({1})}}, {{"gradus.value.n", "requires_grad"}}), "floating"));
  EXPECT_TRUE(contains(refusal({}, {{"gradus.archive", "2"}}), "version 2, expected 1"));
  EXPECT_TRUE(contains(refusal({{"a", x}, {"a.b", x}}, {}), "both a value and a folder"));
  std::string deep = "a";
  for (int i = 0; i < 127; ++i) deep += ".a";
  EXPECT_EQ(refusal({{deep, x}}, {}), "");
  EXPECT_TRUE(contains(refusal({{deep + ".a", x}}, {}), "folders are more than 128 deep"));
}

/// The archive of no entries, as someone writes it who computes no checksum.
TEST(Archive, RefusesOneWithoutItsChecksum) {
  const std::string json = R"({"__metadata__":{"gradus.archive":"1"}})";
  const std::string bytes = std::string{static_cast<char>(json.size())} + std::string(7, '\0') + json;
  InputArchive in;
  EXPECT_TRUE(contains(error_of([&] { in.load_from(bytes.data(), bytes.size()); }), "its checksum is missing"));
}

TEST(Archive, AFailedLoadLeavesItAsItWas) {
  OutputArchive out = sample();
  const std::string bytes = bytes_of(out);
  InputArchive in;
  in.load_from(bytes.data(), bytes.size());
  for (size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_NE(error_of([&] { in.load_from(bytes.data(), n); }), "") << n;
    EXPECT_EQ(in.keys().size(), 3u);
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
    EXPECT_NE(error_of([&] { in.load_from(damaged.data(), damaged.size()); }), "") << i;
    EXPECT_EQ(in.keys().size(), 3u);
  }
}

// ---- where to -------------------------------------------------------------------------------------------------------

TEST(Archive, ReadsStreamsFromTheirBeginning) {
  std::stringstream stream;
  sample().save_to(stream);
  for (int i = 0; i < 2; ++i) {
    InputArchive in;
    in.load_from(stream);
    EXPECT_EQ(in.keys().size(), 3u);
  }
}

/// Bytes that come once.
struct Pipe : std::stringbuf {
  using std::stringbuf::stringbuf;
  pos_type seekoff(off_type, std::ios::seekdir, std::ios::openmode) override { return pos_type(off_type(-1)); }
  pos_type seekpos(pos_type, std::ios::openmode) override { return pos_type(off_type(-1)); }
};

TEST(Archive, ReadsStreamsThatCannotBeWoundBack) {
  OutputArchive out = sample();
  out.write("large", zeros({3000}));
  Pipe pipe(bytes_of(out), std::ios::in);
  std::istream stream(&pipe);
  InputArchive in;
  in.load_from(stream);
  EXPECT_EQ(in.keys().size(), 4u);
}

struct FullBuffer : std::streambuf {};

/// Takes everything, and says of its end that it never arrived.
struct Unflushed : std::stringbuf {
  int sync() override { return -1; }
};

TEST(Archive, SaysThatAStreamOrFunctionFails) {
  FullBuffer full_buffer;
  std::ostream stream(&full_buffer);
  EXPECT_TRUE(contains(error_of([&] { sample().save_to(stream); }), "the stream does not take"));
  EXPECT_TRUE(contains(error_of([&] { sample().save_to([](const void*, size_t n) { return n - 1; }); }),
                       "the writer took 7 of 8 bytes"));
  Unflushed unflushed;
  std::ostream late(&unflushed);
  EXPECT_TRUE(
      contains(error_of([&] { sample().save_to(late); }), "OutputArchive::save_to: the stream cannot be flushed"));
  std::stringstream bad;
  bad.setstate(std::ios::badbit);
  InputArchive in;
  EXPECT_TRUE(contains(error_of([&] { in.load_from(bad); }), "the stream is not good"));
  const std::string bytes = bytes_of(sample());
  EXPECT_TRUE(contains(error_of([&] {
                         in.load_from(
                             [&](uint64_t position, void* buffer, size_t n) {
                               const size_t half = position == 0 ? n : n / 2;
                               bytes.copy(static_cast<char*>(buffer), half, position);
                               return half;
                             },
                             [&] { return bytes.size(); });
                       }),
                       "truncated: at byte 8 got"));
}

TEST(Archive, ReplacesAFileAndKeepsNoOther) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.safetensors";
  sample().save_to(path);
  OutputArchive other;
  other.write("x", zeros({1}));
  other.save_to(path);
  EXPECT_EQ(folder.entries(), 1u);
  InputArchive in;
  in.load_from(path);
  EXPECT_EQ(in.keys(), std::vector<std::string>{"x"});
  // Nothing to see of an archive that cannot be written.
  other.write("x2", IValue(std::string("\xff")));
  EXPECT_TRUE(contains(error_of([&] { other.save_to(path); }), "must be UTF-8"));
  EXPECT_EQ(folder.entries(), 1u);
  in.load_from(path);
  EXPECT_TRUE(contains(error_of([&] { in.load_from(folder / "none"); }), "none"));
}

TEST(Archive, ThereIsNoDeviceButTheCpu) {
  const std::string bytes = bytes_of(sample());
  InputArchive in;
  in.load_from(bytes.data(), bytes.size(), Device(kCPU));
  EXPECT_EQ(in.keys().size(), 3u);
  EXPECT_TRUE(contains(error_of([&] { in.load_from(bytes.data(), bytes.size(), Device(kCUDA)); }),
                       "load: there is no device but the CPU, got cuda"));
}

TEST(Archive, SaysOfAZipArchiveWhatItIs) {
  const std::string zip = "PK\3\4" + std::string(60, '\1');
  InputArchive in;
  EXPECT_TRUE(contains(error_of([&] { in.load_from(zip.data(), zip.size()); }), "is a zip archive, as PyTorch writes"));
}

TEST(Archive, StateDictsAreFolders) {
  const StateDict state = {{"step", ones({})}, {"state.0.m", zeros({2})}, {"state.1.m", ones({2})}, {"lr", ones({1})}};
  OutputArchive out;
  write_state_dict(out, state);
  InputArchive in = reread(out), folder;
  in.read("state", folder);
  EXPECT_EQ(folder.keys(), (std::vector<std::string>{"0", "1"}));
  const StateDict found = read_state_dict(in);
  ASSERT_EQ(found.size(), state.size());
  for (const auto& item : state) EXPECT_TRUE(found[item.key()].equal(item.value())) << item.key();
}

}  // namespace
}  // namespace gradus::io
