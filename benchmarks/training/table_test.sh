#!/usr/bin/env bash
# Holds the tables to lines with a known outcome: medians, ratios, the limit, and that a difference or a regression fails.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  printf 'table_test: %s\n' "$*" >&2
  exit 1
}
has() { grep -qF -- "$1" "$2" || fail "not in $2: $1 -- $(cat "$2")"; }

# line SIDE ROUND MS LOSS
line() {
  printf 'side=%s round=%s workload=row threads=1 ms=%s fastest_ms=1 first_ms=%s steps=9 start_ms=5 ' "$1" "$2" "$3" "$3"
  printf 'loss_first=2.5 loss_last=%s norm=9 tolerance=0.001 flops=1e+09 bytes=2.8e+07 ' "$4"
  printf 'base_mb=10 peak_mb=30 early_mb=20 end_mb=21\n'
}
limits() { printf 'side=limits round=%s threads=1 gflops=100 copy_gbs=64:10,160:7,1600:5 cache=2097152\n' "$1"; }

# Ratios 3, 2 and 2.5; 1e9 operations at 100 GFLOP/s are 10 ms, 50 % of 20; copying 28 MB takes 2.8 ms, which is less.
{
  for round in 1 2 3; do limits "$round"; done
  line gradus 1 20 1.5 && line libtorch 1 60 1.5004
  line gradus 2 40 1.5 && line libtorch 2 80 1.5004
  line gradus 3 20 1.5 && line libtorch 3 50 1.5004
} >"$work/good"
awk -v out="$work" -f table.awk "$work/good" >"$work/table" || fail "equal losses were refused"
has '| row | 1 | 20 | 60 | 2.50 | 50 % | 17 % |' "$work/table"
has '"ratio": 2.5,' "$work/table.json"
has 'geometric mean of 1 training rows 2.50' "$work/table"

sed 's/libtorch\(.*\)loss_last=1.5004/libtorch\1loss_last=1.502/' "$work/good" >"$work/bad"
if awk -v out="$work" -f table.awk "$work/bad" >"$work/table"; then fail "different losses passed"; fi
has 'loss_last: gradus 1.5, LibTorch 1.502' "$work/table"
sed 's/libtorch\(.*\)loss_last=1.5004/libtorch\1loss_last=nan/' "$work/good" >"$work/bad"
if awk -v out="$work" -f table.awk "$work/bad" >"$work/table"; then fail "a loss that is no number passed"; fi

grep -v side=libtorch "$work/good" >"$work/alone"
awk -v out="$work" -f table.awk "$work/alone" >"$work/table" || fail "one side alone was refused"
has '| row | 1 | 20 | - | - | 50 % | - |' "$work/table"

# A row that moves memory only: 28 MB at 10 GB/s.
sed 's/flops=1e+09/flops=0/' "$work/alone" >"$work/moving"
awk -v out="$work" -f table.awk "$work/moving" >"$work/table"
has '| 14 % | - |' "$work/table"
has 'copy 10 GB/s within 64 MB, 7 GB/s within 160 MB, 5 GB/s within 1600 MB' "$work/table"
has '"copy_160_mb_gbs": 7' "$work/table.json"

# The same in a process that holds 160 MB: 28 MB at 7 GB/s.
sed 's/peak_mb=30/peak_mb=170/' "$work/moving" >"$work/large"
awk -v out="$work" -f table.awk "$work/large" >"$work/table"
has '| 20 % | - |' "$work/table"

sed 's/libtorch/new/; s/gradus/old/; /limits/d' "$work/good" >"$work/slower"
if awk -v limit=1.05 -f commits.awk "$work/slower" >"$work/table"; then fail "a slower commit passed"; fi
has 'SLOWER' "$work/table"
sed 's/libtorch/old/; s/gradus/new/; /limits/d' "$work/good" >"$work/faster"
awk -v limit=1.05 -f commits.awk "$work/faster" >"$work/table" || fail "a faster commit failed"
has 'faster' "$work/table"
