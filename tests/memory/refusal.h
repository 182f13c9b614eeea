// Memory that fails when a test says so: the n-th allocation of gradus, or the n-th call of operator new.
#pragma once
#include <cstdint>
#include <new>
#include <vector>

#include "gradus/tensor/error.h"
#include "gradus/tensor/sanitizer.h"

namespace memory_tests {

/// Who refuses: gradus's allocator throws gradus::Error, operator new std::bad_alloc.
enum class Source { gradus, operator_new };

/// Those that can refuse: the thread sanitizer brings an operator new of its own.
inline std::vector<Source> sources() {
  if (gradus::thread_sanitizer) return {Source::gradus};
  return {Source::gradus, Source::operator_new};
}

/// While one lives, allocation `n` (from 0, of all threads, or with `elsewhere` of all threads but this one) fails.
class Refusal {
 public:
  Refusal(Source source, int64_t n, bool elsewhere = false);
  ~Refusal();
  Refusal(const Refusal&) = delete;
  bool met() const;

 private:
  Source source_;
};

/// Blocks of operator new that are in use.
int64_t blocks_in_use();

/// Calls of operator new so far that did not come from oneDNN or OpenMP, whose libraries are their own affair. Where a
/// call came from is looked up only while one of these lives.
class CountedCalls {
 public:
  CountedCalls();
  ~CountedCalls();
  CountedCalls(const CountedCalls&) = delete;
  int64_t ours() const;
  int64_t of_libraries() const;
};

/// What came of a call while allocation n fails: it had fewer of them; it got by without; it threw what tells of
/// memory, Error or std::bad_alloc; it threw something else.
enum class Outcome { not_met, survived, refused, wrong };

template <class F>
Outcome call(Source source, int64_t n, const F& f, bool elsewhere = false) {
  const Refusal refusal(source, n, elsewhere);
  try {
    f();
  } catch (const gradus::Error&) {
    return Outcome::refused;
  } catch (const std::bad_alloc&) {
    return Outcome::refused;
  } catch (...) {
    return Outcome::wrong;
  }
  return refusal.met() ? Outcome::survived : Outcome::not_met;
}

}  // namespace memory_tests
