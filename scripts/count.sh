#!/usr/bin/env bash
# Prints 'N passed, N failed' for a folder of results: the single tests of every GoogleTest program, and one for each
# other test of ctest. A program that died before it could report counts as one failure. Usage: scripts/count.sh FOLDER
set -euo pipefail
shopt -s nullglob
cd "$1"
awk '
  function attribute(name) {
    if (!match($0, " " name "=\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  }
  FILENAME ~ /\.xml$/ && /^<testsuites / {
    program = FILENAME
    sub(/\.xml$/, "", program)
    reported[program] = 1
    bad[program] = attribute("failures") + attribute("errors")
    run += attribute("tests") - attribute("disabled")
    failed += bad[program]
  }
  FILENAME ~ /\.xml$/ && /<testcase .* result="skipped"/ { run-- }
  FILENAME ~ /\.junit$/ && /<testcase / {
    name = attribute("name")
    ok = attribute("status") == "run"
    if (!(name in reported) || (!ok && !bad[name])) {
      run++
      failed += !ok
    }
  }
  END { printf "%d passed, %d failed\n", run - failed, failed }
' *.xml *.junit </dev/null
