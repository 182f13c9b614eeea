#!/usr/bin/env bash
# Two models that two threads of a program train at the same time, beside one alone: how many times as many steps they
# make together, each of them computing on one thread, and where the library may use two. Usage: scripts/two_models.sh
# [--rows "NAME..."] [--rounds N] [--seconds S] [--libtorch yes]. Builds nothing: scripts/compare.sh does.
source "$(dirname "$0")/lib.sh"

rows="xor mlp_64 mlp_norm_64 lenet_64 vgg11_16 vae_128" rounds=3 seconds=1
training_arguments "$@"

# measure PROGRAM ROW MODELS THREADS: milliseconds a step.
measure() {
  OMP_NUM_THREADS=$4 "$programs/$1" --workload "$2" --seconds "$seconds" --models "$3" --threads "$4" |
    sed -n 's/.* ms=\([0-9.e+-]*\).*/\1/p'
}

results=$(mktemp)
trap 'rm -f "$results"' EXIT
for ((round = 1; round <= rounds; ++round)); do
  for row in $rows; do
    for side in "${sides[@]}"; do
      echo "$side $row $(measure "$side" "$row" 1 1) $(measure "$side" "$row" 2 1) $(measure "$side" "$row" 2 2)" \
        >>"$results"
    done
  done
  say "round $round of $rounds done"
done

awk "$(<scripts/median.awk)"'
  { key = $1 " " $2; if (!(key in one)) order[++n] = key
    one[key] = one[key] " " $3; single[key] = single[key] " " 2 * $3 / $4; shared[key] = shared[key] " " 2 * $3 / $5 }
  END {
    print "| | row | one alone, ms | two on a thread each | two that may use two |"
    print "|---|---|---|---|---|"
    for (i = 1; i <= n; ++i) {
      split(order[i], name, " ")
      printf "| %s | `%s` | %.3g | %.2f | %.2f |\n", name[1] == "training" ? "gradus" : "LibTorch", name[2],
        median(one[order[i]]), median(single[order[i]]), median(shared[order[i]])
    }
  }' "$results"
