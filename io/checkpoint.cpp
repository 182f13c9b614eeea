#include "gradus/io/checkpoint.h"

#include <charconv>
#include <cstdio>
#include <filesystem>

#include "gradus/io/atomic_file.h"
#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

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

void Checkpoint::put(const std::string& name, const Tensor& tensor) { content_.tensors.emplace_back(name, tensor); }
void Checkpoint::put(const std::string& key, const std::string& text) { content_.metadata.emplace_back(key, text); }
void Checkpoint::put_integer(const std::string& key, int64_t number) { put(key, digits_of(number)); }
void Checkpoint::put(const std::string& key, double number) { put(key, digits_of(number)); }

const Tensor& Checkpoint::tensor(const std::string& name) const {
  const Tensor* found = content_.find_tensor(name);
  check(found != nullptr, "checkpoint: No such serialized tensor '", name, "'");
  return *found;
}

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
