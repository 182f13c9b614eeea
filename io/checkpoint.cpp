#include "gradus/io/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <mutex>

#include "gradus/io/atomic_file.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace gradus::io {
namespace {

constexpr const char* kPart = "gradus.part.";

template <class Number>
std::string digits_of(Number number) {
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

template <class Number>
Number number_of(const std::string& key, const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  check(error == std::errc() && end == text.data() + text.size() && !text.empty(), "checkpoint: ", key,
        " is not a number: '", text, "'");
  return number;
}

}  // namespace

bool Checkpoint::has_part(const std::string& part) const { return has(kPart + part); }

std::string Checkpoint::part_of(const std::string& name) const {
  const std::string first = name.substr(0, name.find('.'));
  return first.size() < name.size() && has_part(first) ? first : "";
}

void Checkpoint::put_model(const StateDict& state) {
  for (const auto& item : state) {
    const std::string part = part_of(item.key());
    check(part.empty(), "checkpoint: the model's ", item.key(), " would be taken for a tensor of the part '", part,
          "'");
    content_.tensors.emplace_back(item.key(), item.value());
  }
}

void Checkpoint::put_part(const std::string& part, const StateDict& state) {
  check(!part.empty() && part.find('.') == part.npos && !has_part(part),
        "checkpoint: a part must have a name of its own", " and no dot in it, got '", part, "'");
  for (const auto& [name, tensor] : content_.tensors)
    check(name.rfind(part + ".", 0) != 0, "checkpoint: the model's ", name,
          " would be taken for a tensor of the part '", part, "'");
  put(kPart + part, static_cast<int64_t>(state.size()));
  for (const auto& item : state) content_.tensors.emplace_back(part + "." + item.key(), item.value());
}

void Checkpoint::put_generator(const Generator& generator, const std::string& part) {
  std::vector<uint8_t> bytes;
  {
    const std::lock_guard lock(generator.mutex());
    bytes = generator.get_state();
  }
  Tensor state = empty({static_cast<int64_t>(bytes.size())}, kByte);
  std::copy(bytes.begin(), bytes.end(), state.data_ptr<uint8_t>());
  put_part(part, {{"state", state}});
}

StateDict Checkpoint::model() const {
  StateDict state;
  for (const auto& [name, tensor] : content_.tensors)
    if (part_of(name).empty()) state.insert(name, tensor);
  return state;
}

StateDict Checkpoint::part(const std::string& part) const {
  const int64_t expected = integer(kPart + part);
  StateDict state;
  for (const auto& [name, tensor] : content_.tensors)
    if (part_of(name) == part) state.insert(name.substr(part.size() + 1), tensor);
  check(static_cast<int64_t>(state.size()) == expected, "checkpoint: part '", part, "' has ", state.size(),
        " tensors, expected ", expected);
  return state;
}

void Checkpoint::restore_generator(Generator& generator, const std::string& part) const {
  const StateDict found = this->part(part);
  const Tensor* state = found.find("state");
  check(state && state->scalar_type() == kByte && state->dim() == 1, "checkpoint: '", part,
        "' is not the state of a generator");
  const uint8_t* bytes = state->data_ptr<uint8_t>();
  const std::lock_guard lock(generator.mutex());
  generator.set_state(std::vector<uint8_t>(bytes, bytes + state->numel()));
}

void Checkpoint::put(const std::string& key, const std::string& text) { content_.metadata.emplace_back(key, text); }
void Checkpoint::put_integer(const std::string& key, int64_t number) { put(key, digits_of(number)); }
void Checkpoint::put(const std::string& key, double number) { put(key, digits_of(number)); }

const std::string& Checkpoint::text(const std::string& key) const {
  const std::string* found = content_.find_metadata(key);
  check(found != nullptr, "checkpoint: there is no '", key, "' in it");
  return *found;
}

int64_t Checkpoint::integer(const std::string& key) const { return number_of<int64_t>(key, text(key)); }
double Checkpoint::real(const std::string& key) const { return number_of<double>(key, text(key)); }

void Checkpoint::save(const std::string& path, FileSystem& fs) const {
  save_safetensors(path, content_.tensors, content_.metadata, fs);
}

Checkpoint Checkpoint::load(const std::string& path, FileSystem& fs) {
  std::string reason;
  try {
    return Checkpoint(load_safetensors(path, fs));
  } catch (const Error& error) {
    reason = error.what();
  }
  const std::string previous = previous_path(path);
  try {
    Checkpoint result(load_safetensors(previous, fs));
    std::fprintf(stderr, "%s\ncontinuing from %s\n", reason.c_str(), previous.c_str());
    return result;
  } catch (const Error& error) {
    fail(reason, "; nor can the previous one be read: ", error.what());
  }
}

bool Checkpoint::exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) || std::filesystem::exists(previous_path(path), ignored);
}

}  // namespace gradus::io
