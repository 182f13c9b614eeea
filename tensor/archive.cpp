#include "gradus/tensor/archive.h"

#include "gradus/tensor/archive_folder.h"

namespace gradus::serialize {
namespace detail {

Folder& Folder::descend(const std::string& key) {
  Entry* entry = entries.find(key);
  if (!entry) entry = &entries.insert(key, Entry{IValue(), std::make_shared<Folder>()});
  check(entry->folder != nullptr, "archive: '", key, "' is both a value and a folder");
  return *entry->folder;
}

}  // namespace detail

namespace {

using detail::Entry;
using detail::Folder;

void put(Folder& folder, const std::string& key, Entry entry) {
  check(!key.empty(), "OutputArchive::write: a key must not be empty");
  check(!folder.entries.contains(key), "OutputArchive::write: '", key, "' is written already");
  folder.entries.insert(key, std::move(entry));
}

const Entry* find(const std::shared_ptr<const Folder>& folder, const std::string& key) {
  return folder->entries.find(key);
}

}  // namespace

OutputArchive::OutputArchive(std::shared_ptr<jit::CompilationUnit> unit)
    : unit_(std::move(unit)), folder_(std::make_shared<Folder>()) {}

void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) { put(*folder_, key, {tensor, nullptr}); }
void OutputArchive::write(const std::string& key, const IValue& value) { put(*folder_, key, {value, nullptr}); }
void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  check(nested.folder_ != folder_, "OutputArchive::write: an archive cannot be in itself");
  put(*folder_, key, {IValue(), nested.folder_});
}

InputArchive::InputArchive() : folder_(std::make_shared<Folder>()) {}

bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  const Entry* entry = find(folder_, key);
  if (!entry || entry->folder || !entry->value.isTensor()) return false;
  const Tensor& saved = entry->value.toTensor();
  // A copy, for the archive may be read again.
  Tensor copy = saved.defined() ? saved.detach().clone() : Tensor();
  if (tensor.defined() && copy.defined()) {
    tensor.set_data(copy);
  } else {
    if (copy.defined()) copy.set_requires_grad(saved.requires_grad());
    tensor = std::move(copy);
  }
  return true;
}

void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  check(try_read(key, tensor, is_buffer), "No such serialized tensor '", prefix_, key, "'");
}

bool InputArchive::try_read(const std::string& key, IValue& value) {
  const Entry* entry = find(folder_, key);
  if (!entry || entry->folder) return false;
  value = entry->value;
  return true;
}

void InputArchive::read(const std::string& key, IValue& value) {
  check(try_read(key, value), "InputArchive::read: the archive '", prefix_, "' does not have a field with name '", key,
        "'");
}

bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  const Entry* entry = find(folder_, key);
  if (!entry || !entry->folder) return false;
  // In this order, for `nested` may be this archive.
  std::string prefix = prefix_ + key + ".";
  nested.folder_ = std::shared_ptr<const Folder>(entry->folder);
  nested.prefix_ = std::move(prefix);
  return true;
}

void InputArchive::read(const std::string& key, InputArchive& nested) {
  check(try_read(key, nested), "No such serialized submodule: '", prefix_, key, "'");
}

std::vector<std::string> InputArchive::keys() const { return folder_->entries.keys(); }

// ---- state dicts ----------------------------------------------------------------------------------------------------

namespace {

void write_nested(OutputArchive& archive, const OrderedDict<std::string, StateDict>& folders) {
  for (const auto& folder : folders) {
    OutputArchive nested(archive.compilation_unit());
    write_state_dict(nested, folder.value());
    archive.write(folder.key(), nested);
  }
}

void read_into(StateDict& state, InputArchive& archive, const std::string& prefix) {
  for (const std::string& key : archive.keys()) {
    InputArchive nested;
    Tensor tensor;
    if (archive.try_read(key, nested))
      read_into(state, nested, prefix + key + ".");
    else if (archive.try_read(key, tensor))
      state.insert(prefix + key, std::move(tensor));
  }
}

}  // namespace

void write_state_dict(OutputArchive& archive, const StateDict& state) {
  OrderedDict<std::string, StateDict> folders;
  for (const auto& item : state) {
    const size_t dot = item.key().find('.');
    if (dot == std::string::npos) {
      archive.write(item.key(), item.value());
    } else {
      const std::string folder = item.key().substr(0, dot);
      if (!folders.contains(folder)) folders.insert(folder, StateDict());
      folders[folder].insert(item.key().substr(dot + 1), item.value());
    }
  }
  write_nested(archive, folders);
}

StateDict read_state_dict(InputArchive& archive) {
  StateDict state;
  read_into(state, archive, "");
  return state;
}

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}

}  // namespace gradus::serialize
