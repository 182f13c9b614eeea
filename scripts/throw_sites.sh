#!/usr/bin/env bash
# Which errors of the library no test provokes or reads. Usage: scripts/throw_sites.sh [--no-run]
# Runs the tests of the preset `coverage` while every exception writes down its stack and text, and lists the sites in the
# sources (fail, check, check_index, throw) that were never one's origin, and those whose texts contain no words of the
# tests. Fails when there are any. With --no-run it reads what the last run wrote.
source "$(dirname "$0")/lib.sh"

logs=build/coverage/throws
if [[ ${1:-} != --no-run ]]; then
  use_shared_data
  build coverage
  pick_compiler
  "${CXX:-g++}" -x c++ -std=c++20 -O1 -shared -fPIC tests/house/record_throws.cc \
    -o build/coverage/record_throws.so -ldl
  rm -rf "$logs"
  mkdir -p "$logs"
  for program in build/coverage/tests/gradus_*_tests; do
    name=$(basename "$program")
    say "running $name"
    (cd build/coverage/tests &&
      GRADUS_THROW_LOG=$root/$logs/$name LD_PRELOAD=$root/build/coverage/record_throws.so \
        "$root/$program" --gtest_brief=1 --gtest_filter='-*Long.*' >"$root/$logs/$name.txt" 2>&1) ||
      die "$name failed: $logs/$name.txt"
  done
fi
python3 scripts/throw_sites.py "$logs" --json build/coverage/throw_sites.json
