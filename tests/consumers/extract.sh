#!/usr/bin/env bash
# Writes the programs of a document to FOLDER/program_1.cpp, ...: every fenced block of ```cpp, where blocks without a
# main() belong to the next one that has it. Usage: extract.sh DOCUMENT FOLDER
set -euo pipefail
rm -rf "$2"
mkdir -p "$2"
awk -v folder="$2" '
  /^```cpp[ \t]*$/ { inside = 1; code = code "#line " NR + 1 " \"" FILENAME "\"\n"; next }
  /^```/ && inside {
    inside = 0
    if (complete) {
      printf "%s", code > (folder "/program_" ++n ".cpp")
      code = ""
      complete = 0
    }
    next
  }
  inside {
    code = code $0 "\n"
    if ($0 ~ /int main\(/) complete = 1
  }
  END {
    if (inside) { print FILENAME ": a block of code without an end" > "/dev/stderr"; exit 1 }
    if (code != "") { print FILENAME ": code after the last main() is part of no program" > "/dev/stderr"; exit 1 }
    if (!n) { print FILENAME ": no program in it" > "/dev/stderr"; exit 1 }
  }
' "$1"
