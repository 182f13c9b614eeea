// save and load: tensors, modules, optimizers and samplers to and from files, streams, memory and functions.
//
//   save(model, "model.safetensors");        load(model, "model.safetensors");
//   save(optimizer, stream);                 load(optimizer, stream);
#pragma once
#include "gradus/tensor/archive.h"

namespace gradus {

/// Saves whatever has an operator<< for archives: a tensor, a module (holder or shared pointer), an optimizer, a
/// sampler. `to` is what OutputArchive::save_to takes: the name of a file, a stream, or a function that takes bytes.
/// The file is one of safetensors, and can be read as such.
template <class T, class... To>
void save(const T& value, To&&... to) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<To>(to)...);
}

/// Loads into `value` what save has saved of its like. `from` is what InputArchive::load_from takes: the name of a
/// file, a stream, memory and its size, or two functions; and then the device, which can only be the CPU. Throws Error
/// if that cannot be read or lacks something; `value` is then what it was.
template <class T, class... From>
void load(T& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  archive >> value;
}

/// Several tensors, under the names "0", "1", ...; load appends to the vector.
template <class... To>
void save(const std::vector<Tensor>& tensors, To&&... to) {
  serialize::OutputArchive archive;
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(std::to_string(i), tensors[i]);
  archive.save_to(std::forward<To>(to)...);
}
template <class... From>
void load(std::vector<Tensor>& tensors, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  Tensor tensor;
  for (size_t i = 0; archive.try_read(std::to_string(i), tensor); ++i, tensor = Tensor()) tensors.push_back(tensor);
}

}  // namespace gradus
