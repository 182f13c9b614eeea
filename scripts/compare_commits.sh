#!/usr/bin/env bash
# Compares two commits on whole training steps, so that no regression goes unseen.
# Usage: scripts/compare_commits.sh OLD [NEW] [--rows "NAME..."] [--threads "1 2"] [--rounds N] [--seconds S] [--limit R]
#                                   [--workloads "SOURCE..."] [--wait passive|active] [--clock wall|cpu]
# NEW is the working tree when not given. Both libraries run the same workloads, those of the working tree; --workloads
# names the sources to build (xor mlp ...) where an older commit lacks what the others need. Fails when a row has become
# slower than R times its old time (1.05 when not given), beyond what the rounds differ among themselves.
source "$(dirname "$0")/lib.sh"

rows="" threads="1 2" rounds=7 seconds=1 limit=1.05 wait=unset clock=wall workloads="" commits=()
while (($#)); do
  case $1 in
    --*) (($# >= 2)) || die "no value after $1" ;;&
    --rows) rows=$2; shift ;;
    --threads) threads=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --limit) limit=$2; shift ;;
    --wait) wait=$2; shift ;;
    --clock) clock=$2; shift ;;
    --workloads) workloads=$2; shift ;;
    --*) die "unknown argument '$1'" ;;
    *) commits+=("$1") ;;
  esac
  shift
done
((${#commits[@]} == 1 || ${#commits[@]} == 2)) || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; die "name one commit or two"; }

base=build/commits
mkdir -p "$base"
scripts/setup.sh release benchmarks
pick_compiler

# build_at NAME COMMIT|"": the program `training` of that commit's library and this tree's workloads; prints its path.
build_at() {
  local name=$1 commit=$2 source=$root tree=$root/$base/$1-build
  if [[ -n $commit ]]; then
    source=$root/$base/$name
    rm -rf "$source"
    mkdir -p "$source"
    git archive "$commit" | tar -x -C "$source"
    rm -rf "$source/benchmarks"
    cp -r benchmarks "$source/benchmarks"
  fi
  say "building ${commit:-the working tree}" >&2
  cmake -S "$source" -B "$tree" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRADUS_BUILD_TESTS=OFF -DGRADUS_BUILD_EXAMPLES=OFF \
    -DGRADUS_BUILD_BENCHMARKS=ON -DGRADUS_INSTALL=OFF -DGRADUS_WORKLOADS="${workloads// /;}" >/dev/null
  cmake --build "$tree" -j "$(jobs)" --target training >&2
  printf '%s\n' "$tree/benchmarks/training/training"
}

declare -A program
old=$(git rev-parse --verify --short "${commits[0]}^{commit}")
new=""
[[ -z ${commits[1]:-} ]] || new=$(git rev-parse --verify --short "${commits[1]}^{commit}")
program[old]=$(build_at old "$old")
program[new]=$(build_at new "$new")
[[ -n $rows ]] || rows=$("${program[new]}" --list | tr '\n' ' ')
case $wait in
  unset) unset OMP_WAIT_POLICY ;;
  *) export OMP_WAIT_POLICY=$wait ;;
esac

results=$base/results.txt
: >"$results"
say "old: $old; new: ${new:-the working tree}; rounds: $rounds; threads: $threads; OMP_WAIT_POLICY: $wait"
for ((round = 1; round <= rounds; ++round)); do
  order=(old new)
  ((round % 2)) || order=(new old)
  for t in $threads; do
    for row in $rows; do
      for side in "${order[@]}"; do
        line=$(OMP_NUM_THREADS=$t "${program[$side]}" --workload "$row" --seconds "$seconds" --threads "$t" \
          --clock "$clock")
        printf 'side=%s round=%s %s\n' "$side" "$round" "$line" >>"$results"
      done
    done
  done
  say "round $round of $rounds done"
done
awk -v limit="$limit" -f benchmarks/training/commits.awk "$results" || die "slower than before"
