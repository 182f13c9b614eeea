// Checkpoints: all that a training run needs to go on to the same bits, in one safetensors file.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>

#include "gradus/io/safetensors.h"

namespace gradus::io {

/// The named parts of a checkpoint. Model parameters and buffers have the names that PyTorch gives them
/// ("conv1.weight"), so that the file is also a state dict; everything else lies under a prefix of its own
/// ("optimizer.", "generator", ...) or, if it is a number or a word, in the metadata.
class Checkpoint {
 public:
  Checkpoint() = default;
  explicit Checkpoint(SafetensorsFile content) : content_(std::move(content)) {}

  const SafetensorsFile& content() const { return content_; }

  void put(const std::string& name, const Tensor& tensor);
  void put(const std::string& key, const std::string& text);
  template <std::integral Integer>
  void put(const std::string& key, Integer number) {
    put_integer(key, static_cast<int64_t>(number));
  }
  /// Written with all its bits.
  void put(const std::string& key, double number);

  bool has_tensor(const std::string& name) const { return content_.find_tensor(name) != nullptr; }
  bool has(const std::string& key) const { return content_.find_metadata(key) != nullptr; }
  /// These throw Error if there is nothing of that name, or if it is not a number.
  const Tensor& tensor(const std::string& name) const;
  const std::string& text(const std::string& key) const;
  int64_t integer(const std::string& key) const;
  double real(const std::string& key) const;

  /// Saves atomically; the checkpoint that was at `path` is kept as `<path>.previous`.
  void save(const std::string& path, FileSystem& fs = FileSystem::real()) const;
  /// Loads the checkpoint at `path`, or, saying why on stderr, the one kept as `<path>.previous` if that at `path` is
  /// missing or damaged. Throws Error with both reasons if neither can be read.
  static Checkpoint load(const std::string& path, FileSystem& fs = FileSystem::real());
  /// Whether there is a checkpoint at `path` or a previous one beside it.
  static bool exists(const std::string& path);

 private:
  void put_integer(const std::string& key, int64_t number);

  SafetensorsFile content_;
};

}  // namespace gradus::io
