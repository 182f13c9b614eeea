#!/usr/bin/env bash
# Builds and runs all tests. Usage: scripts/test.sh [PRESET] [CTEST ARGUMENT...]    (PRESET: release when not given)
# The last line is 'N passed, N failed', in single tests.
source "$(dirname "$0")/lib.sh"

preset=release
if (($#)) && [[ $1 != -* ]]; then
  preset=$1
  shift
fi

use_shared_data
results=build/$preset/results
build "$preset"

say "running the tests of preset $preset"
mkdir -p "$results"
rm -f "$results"/*
code=0
ctest --preset "$preset" -j "$(jobs)" --output-junit "$root/$results/ctest.junit" "$@" || code=$?
scripts/count.sh "$results" | tee "$results/summary"
exit "$code"
