#!/usr/bin/env bash
# Compares gradus with LibTorch on whole training steps: builds both, runs them in turn, and writes a table, JSON and a
# picture. Usage: scripts/compare.sh [--rows "NAME..."] [--threads "1 2"] [--rounds N] [--seconds S] [--out DIR]
#                            [--wait passive|active] [--clock wall|cpu] [--deterministic yes] [--no-build]
#                            [--libtorch no] [--list]
# Each row of each round is one process of each side, the order of the two changing from round to round. LibTorch is that
# of the wheel of torch which python3 finds; without it its columns stay empty. OMP_WAIT_POLICY is the same for both
# sides: unset (OpenMP's default: threads spin a while) or what --wait says. --clock cpu takes processor time, which says
# something on a busy machine, but only of one thread.
source "$(dirname "$0")/lib.sh"

rows="" threads="1 2" rounds=5 seconds=1 out=build/compare wait=unset clock=wall do_build=yes libtorch=yes deterministic=no
tree=${GRADUS_BENCHMARKS:-build/benchmarks}
while (($#)); do
  case $1 in
    --rows) rows=$2 ;;
    --threads) threads=$2 ;;
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --out) out=$2 ;;
    --wait) wait=$2 ;;
    --clock) clock=$2 ;;
    --libtorch) libtorch=$2 ;;
    --deterministic) deterministic=$2 ;;
    --no-build) do_build=no; shift; continue ;;
    --list) exec "$tree/benchmarks/training/training" --list ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; die "unknown argument '$1'" ;;
  esac
  (($# >= 2)) || die "no value after $1"
  shift 2
done

[[ $do_build == no ]] || build_benchmarks "$tree"

programs=$tree/benchmarks/training
sides=(gradus)
declare -A program=([gradus]=$programs/training [libtorch]=$programs/training_libtorch)
if [[ $libtorch == no ]]; then
  say "LibTorch is left out, as asked"
elif [[ -x ${program[libtorch]} ]]; then
  sides+=(libtorch)
else
  say "no LibTorch (pip install torch==2.13.0): its columns stay empty"
fi
[[ $clock == wall || $threads == 1 ]] || die "--clock cpu is for --threads 1"
[[ -n $rows ]] || rows=$("${program[gradus]}" --list | tr '\n' ' ')
case $wait in
  unset) unset OMP_WAIT_POLICY ;;
  *) export OMP_WAIT_POLICY=$wait ;;
esac

mkdir -p "$out"
results=$out/results.txt
: >"$results"
failed=""

# measure ROUND THREADS SIDE ROW: one process, one line of results.
measure() {
  local line
  if line=$(OMP_NUM_THREADS=$2 "${program[$3]}" --workload "$4" --seconds "$seconds" --threads "$2" --clock "$clock" \
    --deterministic "$deterministic" --started "$EPOCHREALTIME"); then
    printf 'side=%s round=%s %s\n' "$3" "$1" "$line" >>"$results"
  else
    failed+=" $3:$4"
  fi
}

say "rounds: $rounds; threads: $threads; OMP_WAIT_POLICY: $wait; deterministic: $deterministic; rows: $rows"
for ((round = 1; round <= rounds; ++round)); do
  for t in $threads; do
    if [[ -x $programs/limits ]]; then
      printf 'side=limits round=%s threads=%s %s\n' "$round" "$t" "$(OMP_NUM_THREADS=$t "$programs/limits" "$t" 0.3 "$clock")" >>"$results"
    fi
    for row in $rows; do
      order=("${sides[@]}")
      if ((${#sides[@]} == 2 && round % 2 == 0)); then order=("${sides[1]}" "${sides[0]}"); fi
      for side in "${order[@]}"; do measure "$round" "$t" "$side" "$row"; done
    done
  done
  say "round $round of $rounds done"
done

code=0
{
  printf 'OMP_WAIT_POLICY %s, %s rounds of %s s (%s), %s, %s\n\n' "$wait" "$rounds" "$seconds" "$clock" "$(date -u +%F)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sort | uniq -c | sed 's/^ *\([0-9]*\) /\1 x /')"
  awk -v out="$out" -f benchmarks/training/table.awk "$results"
} >"$out/table.md" || code=1
cat "$out/table.md"
if command -v gnuplot >/dev/null; then
  gnuplot -e "dir='$out'" benchmarks/training/bars.gnuplot
  say "wrote $out/table.md, table.json and bars.png"
else
  say "wrote $out/table.md and table.json; no gnuplot, no picture"
fi
[[ -z $failed ]] || die "these did not run:$failed"
((code == 0)) || die "the sides computed different things"
