// OrderedDict: a dictionary that keeps the order of insertion, as LibTorch has it. What modules register lives in
// these.
#pragma once
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "gradus/tensor/error.h"

namespace gradus {

template <class Key, class Value>
class OrderedDict {
 public:
  /// A key and its value; `*item` and `item->` are the value.
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return pair_.second; }
    const Value& operator*() const { return pair_.second; }
    Value* operator->() { return &pair_.second; }
    const Value* operator->() const { return &pair_.second; }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  /// `key_description` names the keys in errors: "Parameter 'weight' already defined".
  explicit OrderedDict(std::string key_description = "Key") : key_description_(std::move(key_description)) {}
  OrderedDict(std::initializer_list<Item> items) : OrderedDict() {
    for (const Item& i : items) insert(i.key(), i.value());
  }

  const std::string& key_description() const noexcept { return key_description_; }

  Item& front() { return at_end(true); }
  const Item& front() const { return const_cast<OrderedDict*>(this)->at_end(true); }
  Item& back() { return at_end(false); }
  const Item& back() const { return const_cast<OrderedDict*>(this)->at_end(false); }
  Item& operator[](size_t index) {
    check(index < items_.size(), "Index ", index, " is out of bounds");
    return items_[index];
  }
  const Item& operator[](size_t index) const { return const_cast<OrderedDict&>(*this)[index]; }
  Value& operator[](const Key& key) {
    Value* v = find(key);
    check(v != nullptr, key_description_, " '", key, "' is not defined");
    return *v;
  }
  const Value& operator[](const Key& key) const { return const_cast<OrderedDict&>(*this)[key]; }

  /// The value of a key, or null.
  Value* find(const Key& key) noexcept {
    const size_t i = position(key);
    return i == none ? nullptr : &items_[i].value();
  }
  const Value* find(const Key& key) const noexcept { return const_cast<OrderedDict*>(this)->find(key); }
  bool contains(const Key& key) const noexcept { return position(key) != none; }

  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }

  size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  void reserve(size_t n) { items_.reserve(n); }

  /// Appends; throws if the key is there already.
  Value& insert(Key key, Value value) {
    check(position(key) == none, key_description_, " '", key, "' already defined");
    items_.emplace_back(std::move(key), std::move(value));
    if (items_.size() > few) index_last();
    return items_.back().value();
  }
  void update(OrderedDict&& other) {
    for (Item& i : other) insert(i.key(), std::move(i.value()));
  }
  void update(const OrderedDict& other) {
    for (const Item& i : other) insert(i.key(), i.value());
  }
  void erase(const Key& key) {
    const size_t i = position(key);
    check(i != none, "Key '", key, "' doesn't exist");
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
    rebuild();
  }
  void clear() {
    items_.clear();
    slots_.clear();
  }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> r;
    r.reserve(size());
    for (const Item& i : items_) r.push_back(i.key());
    return r;
  }
  std::vector<Value> values() const {
    std::vector<Value> r;
    r.reserve(size());
    for (const Item& i : items_) r.push_back(i.value());
    return r;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> r;
    r.reserve(size());
    for (const Item& i : items_) r.push_back(i.pair());
    return r;
  }
  friend bool operator==(const OrderedDict& a, const OrderedDict& b) { return a.pairs() == b.pairs(); }

 private:
  static constexpr size_t none = static_cast<size_t>(-1);
  static constexpr size_t few = 8;  // up to so many items a search beats an index

  Item& at_end(bool front) {
    check(!items_.empty(), "Called ", front ? "front" : "back", "() on an empty OrderedDict");
    return front ? items_.front() : items_.back();
  }
  size_t position(const Key& key) const noexcept {
    if (slots_.empty()) {
      for (size_t i = 0; i < items_.size(); ++i)
        if (items_[i].key() == key) return i;
      return none;
    }
    for (size_t h = std::hash<Key>()(key);; ++h) {
      const size_t at = slots_[h & (slots_.size() - 1)];
      if (at == none || items_[at].key() == key) return at;
    }
  }
  // The index is an open-addressed table of positions, at most half full.
  void index_last() {
    if (2 * items_.size() > slots_.size()) return rebuild();
    place(items_.size() - 1);
  }
  void rebuild() {
    slots_.clear();
    if (items_.size() <= few) return;
    size_t n = 4 * few;
    while (n < 4 * items_.size()) n *= 2;
    slots_.assign(n, none);
    for (size_t i = 0; i < items_.size(); ++i) place(i);
  }
  void place(size_t i) {
    size_t h = std::hash<Key>()(items_[i].key());
    while (slots_[h & (slots_.size() - 1)] != none) ++h;
    slots_[h & (slots_.size() - 1)] = i;
  }

  std::vector<Item> items_;
  std::vector<size_t> slots_;
  std::string key_description_;
};

}  // namespace gradus
