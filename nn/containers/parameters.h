// ParameterList and ParameterDict: parameters under an index or a name.
#pragma once
#include "gradus/nn/cloneable.h"

namespace gradus::nn {

class ParameterListImpl : public Cloneable<ParameterListImpl> {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterListImpl() = default;
  template <class... T>
  explicit ParameterListImpl(T&&... tensors) {
    (append(std::forward<T>(tensors)), ...);
  }
  void reset() override { parameters_.clear(); }
  void pretty_print(std::ostream& stream) const override;
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;

  /// Registers a parameter under the next number; it requires grad if the tensor does.
  void append(const Tensor& t);
  template <class K>
  void append(const std::pair<K, Tensor>& pair) {
    append(pair.second);
  }
  template <class Container>
  void extend(const Container& container) {
    for (const Tensor& t : container) append(t);
  }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  Tensor& at(size_t index) {
    check(index < size(), "Index out of range");
    return *parameters_[index];
  }
  const Tensor& at(size_t index) const { return const_cast<ParameterListImpl*>(this)->at(index); }
  Tensor& operator[](size_t index) { return at(index); }
  const Tensor& operator[](size_t index) const { return at(index); }
  size_t size() const noexcept { return parameters_.size(); }
  bool is_empty() const noexcept { return parameters_.is_empty(); }
};
GRADUS_MODULE(ParameterList);

class ParameterDictImpl : public Cloneable<ParameterDictImpl> {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterDictImpl() = default;
  explicit ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters);
  void reset() override { parameters_.clear(); }
  void pretty_print(std::ostream& stream) const override;
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;

  /// Registers a parameter; it requires grad if the tensor does.
  Tensor& insert(const std::string& key, const Tensor& t);
  /// Removes a parameter and returns it.
  Tensor pop(const std::string& key);
  std::vector<std::string> keys() const { return parameters_.keys(); }
  std::vector<Tensor> values() const { return parameters_.values(); }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  void clear() { parameters_.clear(); }
  bool contains(const std::string& key) const noexcept { return parameters_.contains(key); }
  const Tensor& get(const std::string& key) const { return parameters_[key]; }
  Tensor& get(const std::string& key) { return parameters_[key]; }
  Tensor& operator[](const std::string& key) { return parameters_[key]; }
  const Tensor& operator[](const std::string& key) const { return parameters_[key]; }
  /// Inserts what is new, replaces what is there.
  template <class Container>
  void update(const Container& container) {
    for (const auto& item : container) put(item.key(), item.value());
  }

 private:
  void put(const std::string& key, const Tensor& t);
};
GRADUS_MODULE(ParameterDict);

}  // namespace gradus::nn
