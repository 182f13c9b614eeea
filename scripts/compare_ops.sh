#!/usr/bin/env bash
# Compares gradus with LibTorch on single operations: builds both, runs them in turn, and writes a table, slowest first
# beside LibTorch. Usage: scripts/compare_ops.sh [--threads N] [--rounds N] [--seconds S] [--match TEXT] [--out DIR]
#                                [--no-build]
# Each round is one process of each side; the order of the two changes from round to round.
source "$(dirname "$0")/lib.sh"

threads=1 rounds=3 seconds=0.02 match="" out=build/compare do_build=yes
tree=${GRADUS_BENCHMARKS:-build/benchmarks}
while (($#)); do
  case $1 in
    --threads) threads=$2 ;;
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --match) match=$2 ;;
    --out) out=$2 ;;
    --no-build) do_build=no; shift; continue ;;
    --help | -h) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; die "unknown argument '$1'" ;;
  esac
  (($# >= 2)) || die "no value after $1"
  shift 2
done

[[ $do_build == no ]] || build_benchmarks "$tree"
programs=$tree/benchmarks/operations
[[ -x $programs/operations_libtorch ]] || die "no LibTorch to compare with (pip install torch==2.13.0)"

mkdir -p "$out"
results=$out/operations.txt
: >"$results"
# measure PROGRAM: its lines, the program's name before them.
measure() {
  OMP_NUM_THREADS=$threads "$programs/$1" --threads "$threads" --seconds "$seconds" --match "$match" |
    sed "s/^/$1 /" >>"$results"
}
for ((round = 1; round <= rounds; ++round)); do
  if ((round % 2)); then order="operations operations_libtorch"; else order="operations_libtorch operations"; fi
  for program in $order; do measure "$program"; done
  say "round $round of $rounds done"
done

awk "$(<scripts/median.awk)"'
  { if ($1 == "operations") { if (!($2 in ours)) names[++count] = $2; ours[$2] = ours[$2] " " $3 }
    else theirs[$2] = theirs[$2] " " $3 }
  END {
    for (i = 1; i <= count; ++i) {
      k = names[i]; a = median(ours[k]); b = median(theirs[k]); logs += log(b / a); below += b < a
      printf "%.4f | `%s` | %.4g | %.4g | %.2f |\n", b / a, k, a, b, b / a
    }
    printf "0 %d operations, geometric mean %.2f, %d below 1\n", count, exp(logs / count), below
  }' "$results" | sort -n >"$out/operations.sorted"
{
  sed -n '1s/^0 //p' "$out/operations.sorted"
  printf '\n| operation | gradus, us | LibTorch, us | ratio |\n|---|---|---|---|\n'
  sed '1d; s/^[0-9.]* //' "$out/operations.sorted"
} | tee "$out/operations.md"
rm "$out/operations.sorted"
