// Checkpoints: all that a training run needs to go on to the same bits, in one safetensors file.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>

#include "gradus/io/safetensors.h"
#include "gradus/tensor/generator.h"
#include "gradus/tensor/state_dict.h"

namespace gradus::io {

/// The file is a state dict of the model, readable by PyTorch under PyTorch's names ("conv1.weight"), and beside it
/// parts under prefixes of their own ("optimizer.state.0.exp_avg"); numbers and words are metadata.
///
///   io::Checkpoint checkpoint;                           auto checkpoint = io::Checkpoint::load("run.safetensors");
///   checkpoint.put_model(model->state_dict());           model->load_state_dict(checkpoint.model());
///   checkpoint.put_part("optimizer", sgd.state_dict());  sgd.load_state_dict(checkpoint.part("optimizer"));
///   checkpoint.put_generator();                          checkpoint.restore_generator();
///   checkpoint.put("epoch", 3);                          int64_t epoch = checkpoint.integer("epoch");
///   checkpoint.save("run.safetensors");
class Checkpoint {
 public:
  Checkpoint() = default;
  explicit Checkpoint(SafetensorsFile content) : content_(std::move(content)) {}

  const SafetensorsFile& content() const { return content_; }

  void put_model(const StateDict& state);
  /// Under "<part>.<name>". Throws if the model has a member of that name.
  void put_part(const std::string& part, const StateDict& state);
  /// The state of a random generator, as the part `part`.
  void put_generator(const Generator& generator = default_generator(), const std::string& part = "generator");
  void put(const std::string& key, const std::string& text);
  template <std::integral Integer>
  void put(const std::string& key, Integer number) {
    put_integer(key, static_cast<int64_t>(number));
  }
  /// Written with all its bits.
  void put(const std::string& key, double number);

  /// What was put, with the names under which it was put. `part` throws Error if there is no such part.
  StateDict model() const;
  StateDict part(const std::string& part) const;
  void restore_generator(Generator& generator = default_generator(), const std::string& part = "generator") const;
  bool has_part(const std::string& part) const;

  bool has(const std::string& key) const { return content_.find_metadata(key) != nullptr; }
  /// These throw Error if there is nothing of that name, or if it is not a number.
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
  /// The part to which a tensor belongs; empty for the model's.
  std::string part_of(const std::string& name) const;

  SafetensorsFile content_;
};

}  // namespace gradus::io
