// Misuse, and the words with which it is refused.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "gradus/tensor/error.h"

namespace gradus_tests {

/// The text of the Error that f throws.
template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const gradus::Error& e) {
    return e.what();
  }
  return "no error";
}

/// What is done wrongly, and words that the exception must contain.
struct Misuse {
  std::function<void()> f;
  const char* words;
};

/// Expects an exception of type E with these words from each.
template <class E = gradus::Error>
void expect_words(const std::vector<Misuse>& all) {
  for (const Misuse& m : all) {
    std::string said = "nothing";
    try {
      m.f();
    } catch (const E& e) {
      said = e.what();
    } catch (const std::exception& e) {
      said = std::string("something of another type: ") + e.what();
      ADD_FAILURE() << said << "\n  for " << m.words;
    }
    EXPECT_NE(said.find(m.words), std::string::npos) << said << "\n  for " << m.words;
  }
}

}  // namespace gradus_tests
