// irange: the integers 0 … n - 1, or a … b - 1, for a range-based loop.
#pragma once
#include <type_traits>

namespace gradus {

template <class I>
class IntegerRange {
 public:
  class iterator {
   public:
    explicit constexpr iterator(I i) : i_(i) {}
    constexpr I operator*() const { return i_; }
    constexpr iterator& operator++() {
      ++i_;
      return *this;
    }
    friend constexpr bool operator==(iterator a, iterator b) { return a.i_ == b.i_; }

   private:
    I i_;
  };

  constexpr IntegerRange(I begin, I end) : begin_(begin), end_(end < begin ? begin : end) {}
  constexpr iterator begin() const { return iterator(begin_); }
  constexpr iterator end() const { return iterator(end_); }

 private:
  I begin_, end_;
};

/// for (auto i : irange(n)); nothing when n is negative.
template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
constexpr IntegerRange<I> irange(I end) {
  return {I{0}, end};
}
/// for (auto i : irange(begin, end)); i has the type of the end.
template <class A, class B, class = std::enable_if_t<std::is_integral_v<A> && std::is_integral_v<B>>>
constexpr IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}

}  // namespace gradus
