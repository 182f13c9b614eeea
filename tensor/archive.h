// Archives: named tensors and values in folders, on their way to a file or from it. What save and load of a module, an
// optimizer or a sampler write and read; the files themselves are written by io/.
#pragma once
#include <functional>
#include <iosfwd>
#include <memory>

#include "gradus/tensor/ivalue.h"
#include "gradus/tensor/state_dict.h"

namespace gradus {

namespace jit {

/// What LibTorch's programs hand from one archive to the next. It has nothing in it.
class CompilationUnit {};

}  // namespace jit

namespace serialize {

namespace detail {
struct Folder;
}

/// Collects what shall be saved. It keeps the tensors' handles until save_to, which writes their elements.
class OutputArchive final {
 public:
  explicit OutputArchive(std::shared_ptr<jit::CompilationUnit> unit = std::make_shared<jit::CompilationUnit>());
  OutputArchive(OutputArchive&&) noexcept = default;
  OutputArchive& operator=(OutputArchive&&) noexcept = default;
  OutputArchive(const OutputArchive&) = delete;
  OutputArchive& operator=(const OutputArchive&) = delete;

  std::shared_ptr<jit::CompilationUnit> compilation_unit() const { return unit_; }

  /// Keys are unique an archive and not empty. is_buffer is there for LibTorch's sake.
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, const IValue& value);
  /// A folder in this one; what is written to `nested` later is in it too.
  void write(const std::string& key, OutputArchive& nested);

  /// Writes a safetensors file, in which "fc1" / "weight" is the tensor "fc1.weight"; a file is replaced at once or not
  /// at all. Throws Error if the file, the stream or the function (which returns how many bytes it took) fails, and on
  /// folders more than 128 deep. Defined in io/archive.cpp.
  void save_to(const std::string& path) const;
  void save_to(std::ostream& stream) const;
  void save_to(const std::function<size_t(const void* bytes, size_t n)>& writer) const;

  /// write(...), so that one function template can both save and load.
  template <class... A>
  void operator()(A&&... a) {
    write(std::forward<A>(a)...);
  }

 private:
  std::shared_ptr<jit::CompilationUnit> unit_;
  std::shared_ptr<detail::Folder> folder_;
};

/// What a file holds.
class InputArchive final {
 public:
  InputArchive();
  InputArchive(InputArchive&&) noexcept = default;
  InputArchive& operator=(InputArchive&&) noexcept = default;
  InputArchive(const InputArchive&) = delete;
  InputArchive& operator=(const InputArchive&) = delete;

  /// Reads and checks the whole file; on failure throws Error and the archive is what it was. A stream is read from its
  /// beginning, or from where it is if it cannot be wound back. `device` can only be the CPU. Defined in
  /// io/archive.cpp.
  void load_from(const std::string& path, std::optional<Device> device = std::nullopt);
  void load_from(std::istream& stream, std::optional<Device> device = std::nullopt);
  void load_from(const char* bytes, size_t size, std::optional<Device> device = std::nullopt);
  /// read(position, buffer, n) returns how many bytes it read, size() those that there are.
  void load_from(const std::function<size_t(uint64_t position, void* buffer, size_t n)>& read,
                 const std::function<size_t()>& size, std::optional<Device> device = std::nullopt);

  /// A copy of the tensor: a defined `tensor` takes it as its data (and keeps its graph and gradient), an undefined one
  /// becomes it. False if there is none of that name; read throws then: "No such serialized tensor 'fc1.weight'".
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, IValue& value);
  void read(const std::string& key, IValue& value);
  /// "No such serialized submodule: 'encoder.fc1'".
  bool try_read(const std::string& key, InputArchive& nested);
  void read(const std::string& key, InputArchive& nested);

  /// Of tensors, values and folders.
  std::vector<std::string> keys() const;

  template <class... A>
  void operator()(A&&... a) {
    read(std::forward<A>(a)...);
  }

 private:
  std::shared_ptr<const detail::Folder> folder_;
  std::string prefix_;
};

/// The tensors of a state dict, each dot in their names a folder, and back.
void write_state_dict(OutputArchive& archive, const StateDict& state);
StateDict read_state_dict(InputArchive& archive);

/// A tensor alone has the name "0".
OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor);
InputArchive& operator>>(InputArchive& archive, Tensor& tensor);

}  // namespace serialize
}  // namespace gradus
