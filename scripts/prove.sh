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

# Broken derivatives, of which the table of operations must find 97 in 100.
prove_mutation() {
  build release gradus gradus_autograd_tests
  say "mutation"
  scripts/mutate.py --sample "${SAMPLE:-0}" | tee "$out/mutation.txt" || true  # survivors: judged below
  python3 - "$out" <<'PYTHON'
import json, re, sys
text = open(sys.argv[1] + "/mutation.txt").read()
killed, judged = map(int, re.search(r"^(\d+) of (\d+) killed", text, re.M).groups())
figures = {"killed": killed, "mutants": judged, "share": killed / judged, "survivors": re.findall(r"^survived: (.*)", text, re.M)}
json.dump(figures, open(sys.argv[1] + "/mutation.json", "w"), indent=2)
sys.exit(0 if killed >= 0.97 * judged else f"only {killed} of {judged} mutants were killed")
PYTHON
}

(($#)) || set -- programs mutation
for what in "$@"; do
  case $what in
    programs | torch | mutation) "prove_$what" ;;
    *) die "unknown proof '$what'; known: programs torch mutation" ;;
  esac
done
say "figures in build/prove/"
