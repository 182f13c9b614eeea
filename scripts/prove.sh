#!/usr/bin/env bash
# The long proofs; their figures go to build/prove/ as JSON. Usage: scripts/prove.sh [programs | torch | mutation]...
# (all but torch when none is given; torch needs Python's torch 2.13.) COUNT and SEED choose the programs, SAMPLE the
# number of mutants (0: all).
source "$(dirname "$0")/lib.sh"

out=$root/build/prove
program=$root/build/release/tests/gradus_random_programs
mkdir -p "$out"
export OMP_WAIT_POLICY=passive

# 10,000 random programs: fused, recorded and numerical gradients.
prove_programs() {
  build release gradus_random_programs
  say "random programs"
  "$program" --count "${COUNT:-10000}" --seed "${SEED:-1}" --jobs "$(jobs)" --json "$out/programs.json"
}

# The same programs in torch.
prove_torch() {
  build release gradus_random_programs
  say "random programs in torch"
  "$program" --count "${COUNT:-500}" --seed "${SEED:-1}" --python "$out/programs.py" --results "$out/gradus.jsonl"
  python3 tests/programs/torch_programs.py "$out/programs.py" "$out/gradus.jsonl" --json "$out/torch.json"
}

# Broken derivatives, all judged anew: which of them the table of operations notices.
prove_mutation() {
  build release gradus gradus_autograd_tests
  say "mutation"
  local code=0
  scripts/mutate.py --fresh --sample "${SAMPLE:-0}" || code=$?
  ((code > 1)) || cp build/release/mutation/results.json "$out/mutation.json"
  return "$code"
}

(($#)) || set -- programs mutation
for what in "$@"; do
  case $what in
    programs | torch | mutation) "prove_$what" ;;
    *) die "unknown proof '$what'; known: programs torch mutation" ;;
  esac
done
say "figures in build/prove/"
