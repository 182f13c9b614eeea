// Random programs, as many as a few seconds allow; gradus_random_programs runs the rest.
#include <gtest/gtest.h>

#include <set>

#include "program.h"

using namespace programs;

namespace {

TEST(RandomPrograms, AgreeWithThemselvesAndWithDifferences) {
  Tally tally;
  const int threads = gradus::get_num_threads();
  gradus::set_num_threads(1);  // small tensors; the check of threads sets its own numbers
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    const Program p = generate(seed);
    if (const auto f = check(p, tally))
      ADD_FAILURE() << "seed " << seed << ", " << f->check << ": " << f->text << "\n" << to_cpp(p);
  }
  gradus::set_num_threads(threads);
  // Every check was made: what could not be differentiated numerically is the exception.
  EXPECT_EQ(tally.values, 300);
  EXPECT_GE(tally.released, 250);
  EXPECT_GE(tally.paths, 250);
  EXPECT_GE(tally.numeric, 240);
  EXPECT_LE(tally.numeric_skipped, 15);
  EXPECT_GE(tally.second, 100);
  EXPECT_LE(tally.second_skipped, 15);
  EXPECT_GE(tally.single, 60);
  EXPECT_GE(tally.hazards_refused, 5);
  EXPECT_GE(tally.threads, 3);
}

TEST(RandomPrograms, AreMadeFromTheirSeedAlone) {
  EXPECT_EQ(to_cpp(generate(7)), to_cpp(generate(7)));
  EXPECT_NE(to_cpp(generate(7)), to_cpp(generate(8)));
}

TEST(RandomPrograms, NamesOfOperationsAreDistinct) {
  std::set<std::string> names;
  for (const Operation& op : operations()) EXPECT_TRUE(names.insert(op.name).second) << op.name;
}

}  // namespace
