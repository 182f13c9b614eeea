#!/usr/bin/env bash
# What becomes of two threads when another program takes one of the two cores: whole training steps on one thread alone,
# on two alone, and on two while a program computes on the second core, in turn. Usage: scripts/busy_core.sh
# [--rows "NAME..."] [--rounds N] [--seconds S] [--libtorch yes]. Builds nothing: scripts/compare.sh does.
source "$(dirname "$0")/lib.sh"

rows="mlp_64 mlp_norm_64 mlp_norm_512 lenet_64 vgg11_16 vae_128 adamw_10m" rounds=3 seconds=2
training_arguments "$@"
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
  awk -F- '{ for (c = $1; c <= (NF > 1 ? $2 : $1); ++c) print c }' | head -2)
((${#cores[@]} == 2)) || die "this needs two cores"

# measure PROGRAM ROW THREADS: milliseconds a step.
measure() {
  OMP_NUM_THREADS=$3 taskset -c "${cores[0]},${cores[1]}" "$programs/$1" --workload "$2" --seconds "$seconds" \
    --threads "$3" | sed -n 's/.* ms=\([0-9.e+-]*\).*/\1/p'
}

results=$(mktemp) burner=""
finish() {
  rm -f "$results"
  [[ -z $burner ]] || kill "$burner"
}
trap finish EXIT
for ((round = 1; round <= rounds; ++round)); do
  for row in $rows; do
    for side in "${sides[@]}"; do
      one=$(measure "$side" "$row" 1)
      two=$(measure "$side" "$row" 2)
      taskset -c "${cores[1]}" sh -c 'while :; do :; done' &
      burner=$!
      busy=$(measure "$side" "$row" 2)
      kill "$burner"
      wait "$burner" 2>/dev/null || true  # killed: its code says so
      burner=""
      echo "$side $row $one $two $busy" >>"$results"
    done
  done
  say "round $round of $rounds done"
done

awk "$(<scripts/median.awk)"'
  { key = $1 " " $2; if (!(key in one)) keys[++count] = key
    one[key] = one[key] " " $3; two[key] = two[key] " " $4; busy[key] = busy[key] " " $5; ratio[key] = ratio[key] " " $5 / $3 }
  END {
    print "| row | one thread, ms | two, ms | two beside a busy core, ms | by one thread |\n|---|---|---|---|---|"
    for (i = 1; i <= count; ++i) { k = keys[i]; name = k; sub(/^training_libtorch /, "LibTorch: ", name); sub(/^training /, "", name)
      printf "| `%s` | %.3g | %.3g | %.3g | %.2f |\n", name, median(one[k]), median(two[k]), median(busy[k]), median(ratio[k]) }
  }' "$results"
