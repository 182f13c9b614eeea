#!/usr/bin/env bash
# Which lines of the library the fast tests run. Usage: scripts/coverage.sh [--no-run]
# Prints a table by folder, and for every file below the limit the lines that never ran; writes
# build/coverage/coverage.json. Fails when tensor/, autograd/, nn/ or optim/ is below 95 %. With --no-run it
# reads the counts of the last run.
source "$(dirname "$0")/lib.sh"

if [[ ${1:-} != --no-run ]]; then
  use_shared_data
  build coverage
  find build/coverage -name '*.gcda' -delete
  say "running the tests"
  ctest --preset coverage -j "$(jobs)" --quiet || die "tests failed: build/coverage/Testing/Temporary/LastTest.log"
fi
python3 scripts/coverage.py build/coverage --limit 95
