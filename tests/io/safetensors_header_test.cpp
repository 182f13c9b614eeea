#include "gradus/io/safetensors_header.h"

#include <gtest/gtest.h>

#include "faulty_file_system.h"
#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

std::string refusal(const std::string& json, uint64_t data_size) {
  const std::string text = error_of([&] { parse_safetensors_header(json, data_size, "the/path"); });
  EXPECT_TRUE(contains(text, "safetensors: the/path")) << json << " gave " << text;
  return text;
}

std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(SafetensorsHeader, ParsesInTheOrderOfTheFile) {
  const SafetensorsHeader header = parse_safetensors_header(
      R"({"b":{"shape":[2,3],"dtype":"F32","data_offsets":[8,32]},"__metadata__":{"k":"v","ü":"\u00fc"},)"
      R"("a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"e":{"dtype":"F32","shape":[0,5],"data_offsets":[8,8]}}   )",
      32, "path");
  ASSERT_EQ(header.entries.size(), 3u);
  EXPECT_EQ(header.entries[0].name, "b");
  EXPECT_EQ(header.entries[0].dtype, "F32");
  EXPECT_EQ(header.entries[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(header.entries[0].begin, 8u);
  EXPECT_EQ(header.entries[0].end, 32u);
  EXPECT_EQ(header.entries[1].name, "a");
  EXPECT_TRUE(header.entries[1].shape.empty());
  EXPECT_EQ(header.metadata, (StringPairs{{"k", "v"}, {"ü", "ü"}}));
  EXPECT_TRUE(parse_safetensors_header("{}", 0, "path").entries.empty());
}

TEST(SafetensorsHeader, FormatsWhatItParses) {
  SafetensorsHeader header;
  header.entries = {{"x \"quoted\" \n", "F64", {2, 1}, 0, 16}, {"", "U8", {}, 16, 17}, {"z", "BOOL", {3, 0}, 16, 16}};
  header.metadata = {{"b", "1"}, {"a", ""}};
  const std::string json = format_safetensors_header(header);
  EXPECT_EQ(json.size() % 8, 0u);
  const SafetensorsHeader again = parse_safetensors_header(json, 17, "path");
  ASSERT_EQ(again.entries.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again.entries[i].name, header.entries[i].name);
    EXPECT_EQ(again.entries[i].dtype, header.entries[i].dtype);
    EXPECT_EQ(again.entries[i].shape, header.entries[i].shape);
    EXPECT_EQ(again.entries[i].end, header.entries[i].end);
  }
  EXPECT_EQ(again.metadata, header.metadata);
  EXPECT_EQ(safetensors_crc(again, {1, 2, 3}, ""), safetensors_crc(header, {1, 2, 3}, ""));
  header.metadata = {{"a\xff", "1"}};
  EXPECT_TRUE(contains(error_of([&] { format_safetensors_header(header); }), "must be UTF-8"));
}

TEST(SafetensorsHeader, ChecksumCoversAllButTheSkippedKey) {
  SafetensorsHeader header;
  header.entries = {{"a", "F32", {1, 2}, 0, 8}, {"b", "F32", {1}, 8, 12}};
  header.metadata = {{"k", "v"}, {"crc", "1"}};
  std::vector<uint32_t> data = {11, 12};
  const uint32_t crc = safetensors_crc(header, data, "crc");
  const auto changed = [&](auto change) {
    SafetensorsHeader other = header;
    change(other);
    return safetensors_crc(other, data, "crc") != crc;
  };
  EXPECT_FALSE(changed([](auto& h) { h.metadata[1].second = "2"; }));
  EXPECT_FALSE(changed([](auto& h) { std::swap(h.metadata[0], h.metadata[1]); }));
  EXPECT_FALSE(changed([](auto& h) { h.entries[0].begin = 4; }));
  EXPECT_TRUE(changed([](auto& h) { std::swap(h.entries[0], h.entries[1]); }));
  EXPECT_TRUE(changed([](auto& h) { h.metadata[0].second = "w"; }));
  EXPECT_TRUE(changed([](auto& h) { h.entries[0].name = "c"; }));
  EXPECT_TRUE(changed([](auto& h) { h.entries[0].dtype = "I32"; }));
  EXPECT_TRUE(changed([](auto& h) { h.entries[0].shape = {2, 1}; }));
  EXPECT_TRUE(changed([](auto& h) { h.entries[0].shape = {2}; }));
  data = {11, 13};
  EXPECT_TRUE(changed([](auto&) {}));
  data = {12, 11};
  EXPECT_TRUE(changed([](auto&) {}));
  EXPECT_FALSE(changed([](auto& h) {
    std::swap(h.entries[0].name, h.entries[1].name), std::swap(h.entries[0].shape, h.entries[1].shape);
  }));
}

TEST(SafetensorsHeader, RefusesWhatIsNotTheFormat) {
  EXPECT_TRUE(contains(refusal("", 0), "does not begin with '{'"));
  EXPECT_TRUE(contains(refusal(" {}", 0), "does not begin with '{'"));
  EXPECT_TRUE(contains(refusal("[]", 0), "does not begin with '{'"));
  for (const char* json : {"{", "{]", "{}x", "{\"a\":", "{\"a\"", "{'a':1}", "{\"\xff\":{}}", "{\"a\":nul}", "{},{}",
                           "{\"a\":{\"dtype\":\"F32\",}}"})
    EXPECT_TRUE(contains(refusal(json, 0), "not valid JSON")) << json;
  EXPECT_TRUE(contains(refusal(std::string("{}\0", 3), 0), "not valid JSON"));
  for (const char* json :
       {"{\"a\":1}", "{\"a\":null}", "{\"a\":[]}", "{\"a\":\"text\"}", "{\"a\":true}", "{\"a\":-1}",
        "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":{}}}", "{\"__metadata__\":[]}",
        "{\"__metadata__\":\"a\"}", "{\"a\":{\"dtype\":7}}", "{\"a\":{\"shape\":7}}", "{\"a\":{\"shape\":[[1]]}}",
        "{\"a\":{\"shape\":[\"1\"]}}", "{\"a\":{\"dtype\":[1]}}", "{\"a\":{\"shape\":{}}}"})
    EXPECT_TRUE(contains(refusal(json, 0), "where none may be")) << json;
  EXPECT_TRUE(contains(refusal(R"({"a":{"kind":"F32"}})", 0), "unknown field 'kind'"));
  EXPECT_TRUE(contains(refusal(R"({"a":{"dtype":"F31"}})", 0), "unknown dtype 'F31'"));
  EXPECT_TRUE(contains(refusal(R"({"a":{}})", 0), "needs dtype, shape and two data_offsets"));
  EXPECT_TRUE(contains(refusal(R"({"a":{"dtype":"F32","shape":[]}})", 0), "needs dtype"));
}

TEST(SafetensorsHeader, RefusesDeepNestingAndDuplicates) {
  EXPECT_TRUE(contains(refusal("{\"a\":" + std::string(10'000'000, '['), 0), "where none may be"));
  std::string deep = "{";
  for (int i = 0; i < 100000; ++i) deep += "\"a\":{";
  refusal(deep, 0);
  const std::string a = "\"a\":" + entry("U8", "[1]", "[0,1]");
  EXPECT_TRUE(contains(refusal("{" + a + "," + a + "}", 1), "'a' occurs twice"));
  EXPECT_TRUE(contains(refusal(R"({"a":{"dtype":"U8","dtype":"U8"}})", 1), "'dtype' occurs twice"));
  EXPECT_TRUE(contains(refusal(R"({"__metadata__":{"k":"1","k":"2"}})", 0), "'k' occurs twice"));
  EXPECT_TRUE(contains(refusal(R"({"__metadata__":{},"__metadata__":{}})", 0), "occurs twice"));
}

TEST(SafetensorsHeader, RefusesSizesThatCannotBe) {
  const auto with = [](const std::string& shape, const std::string& offsets) {
    return "{\"a\":" + entry("F32", shape, offsets) + "}";
  };
  EXPECT_TRUE(contains(refusal(with("[-1]", "[0,4]"), 4), "a negative number"));
  EXPECT_TRUE(contains(refusal(with("[1.0]", "[0,4]"), 4), "no 64-bit integer"));
  EXPECT_TRUE(contains(refusal(with("[1e0]", "[0,4]"), 4), "no 64-bit integer"));
  EXPECT_TRUE(contains(refusal(with("[99999999999999999999]", "[0,4]"), 4), "no 64-bit integer"));
  EXPECT_TRUE(contains(refusal(with("[9223372036854775808]", "[0,4]"), 4), "overflows"));
  EXPECT_TRUE(contains(refusal(with("[4294967296,4294967296]", "[0,0]"), 0), "overflows"));
  EXPECT_TRUE(contains(refusal(with("[2305843009213693952]", "[0,0]"), 0), "overflows"));
  EXPECT_TRUE(contains(refusal(with("[0,9223372036854775807,9223372036854775807]", "[0,0]"), 0), "overflows"));
  EXPECT_TRUE(contains(refusal(with("[1000000000000]", "[0,4000000000000]"), 4), "ends at 4000000000000"));
  std::string many = "[1";
  for (int i = 0; i < 100; ++i) many += ",1";
  EXPECT_TRUE(contains(refusal(with(many + "]", "[0,4]"), 4), "more than 64 dimensions"));
}

TEST(SafetensorsHeader, RefusesPlacesThatCannotBe) {
  const auto one = [](const std::string& offsets) { return "{\"a\":" + entry("F32", "[2]", offsets) + "}"; };
  EXPECT_TRUE(contains(refusal(one("[0,7]"), 7), "needs 8 bytes"));
  EXPECT_TRUE(contains(refusal(one("[0,9]"), 9), "needs 8 bytes"));
  EXPECT_TRUE(contains(refusal(one("[8,0]"), 8), "needs 8 bytes"));
  EXPECT_TRUE(contains(refusal(one("[18446744073709551612,4]"), 8), "needs 8 bytes"));
  EXPECT_TRUE(contains(refusal(one("[0]"), 8), "two data_offsets"));
  EXPECT_TRUE(contains(refusal(one("[0,8,8]"), 8), "must be two numbers"));
  EXPECT_TRUE(contains(refusal(one("[4,12]"), 12), "leaves a hole"));
  EXPECT_TRUE(contains(refusal(one("[0,8]"), 7), "ends at 8"));
  EXPECT_TRUE(contains(refusal(one("[0,8]"), 9), "fill 8 of 9 bytes"));
  EXPECT_TRUE(contains(refusal("{}", 1), "fill 0 of 1 bytes"));
  const auto two = [](const std::string& first, const std::string& second) {
    return "{\"a\":" + entry("F32", "[2]", first) + ",\"b\":" + entry("F32", "[2]", second) + "}";
  };
  EXPECT_TRUE(contains(refusal(two("[0,8]", "[4,12]"), 12), "overlaps"));
  EXPECT_TRUE(contains(refusal(two("[0,8]", "[0,8]"), 8), "overlaps"));
  EXPECT_TRUE(contains(refusal(two("[0,8]", "[12,20]"), 20), "leaves a hole"));
  EXPECT_TRUE(contains(refusal(two("[0,8]", "[8,16]"), 20), "fill 16 of 20"));
}

}  // namespace
}  // namespace gradus::io
