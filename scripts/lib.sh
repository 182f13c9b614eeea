# Shared by the scripts: sourced, not run. Gives `root`, `say`, `die`, `build`, the parallel job count, and more below.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
script=$(basename "$0")

say() { printf '%s: %s\n' "$script" "$*"; }
die() {
  trap - ERR
  printf '%s: error: %s\n' "$script" "$*" >&2
  exit 1
}
trap 'die "line $LINENO failed: $BASH_COMMAND"' ERR
set -E

# A translation unit may need a gigabyte: no more jobs than cores, nor than gigabytes.
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  ((gigabytes >= 1)) || gigabytes=1
  echo $((cores < gigabytes ? cores : gigabytes))
}

# g++ 12 or newer, also where the distribution's default is older.
pick_compiler() {
  [[ -z ${CXX:-} ]] || return 0
  if command -v g++ >/dev/null && (($(g++ -dumpversion | cut -d. -f1) >= 12)); then return 0; fi
  if command -v g++-12 >/dev/null; then export CXX=g++-12; fi
}

# build PRESET [TARGET...]: installs what is missing, configures at the first time, builds what has changed.
build() {
  local preset=$1
  shift
  scripts/setup.sh "$preset"
  pick_compiler
  if [[ ! -f build/$preset/build.ninja ]]; then
    say "configuring preset $preset"
    cmake --preset "$preset"
  fi
  say "building preset $preset${*:+: $*}"
  cmake --build --preset "$preset" -j "$(jobs)" ${@:+--target "$@"}
}

# The data sets beside the checkout, where there are some and no others were named.
use_shared_data() {
  if [[ -z ${GRADUS_DATA:-} && -d ../shared/data ]]; then
    GRADUS_DATA=$(cd ../shared/data && pwd)
    export GRADUS_DATA
  fi
  say "data sets: ${GRADUS_DATA:-none (GRADUS_DATA is not set)}"
}

# build_benchmarks FOLDER: both sides of the comparisons, gradus and LibTorch.
build_benchmarks() {
  scripts/setup.sh release benchmarks
  pick_compiler
  cmake -S . -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRADUS_BUILD_TESTS=OFF -DGRADUS_BUILD_EXAMPLES=OFF \
    -DGRADUS_BUILD_BENCHMARKS=ON -DGRADUS_INSTALL=OFF >/dev/null
  say "building both sides in $1"
  cmake --build "$1" -j "$(jobs)" --target benchmarks
}

# training_arguments ARGUMENT...: what scripts that time training programs take. Sets rows, rounds, seconds, `programs`,
# where compare.sh built them, and `sides`, their names. The usage is lines 2 to 4 of the script.
training_arguments() {
  local libtorch=no side
  programs=${GRADUS_BENCHMARKS:-build/benchmarks}/benchmarks/training
  while (($#)); do
    case $1 in
      --help | -h) sed -n '2,4s/^# \{0,1\}//p' "scripts/$script"; exit 0 ;;
      --rows | --rounds | --seconds | --libtorch) (($# >= 2)) || die "no value after $1" ;;&
      --rows) rows=$2 ;;
      --rounds) rounds=$2 ;;
      --seconds) seconds=$2 ;;
      --libtorch) libtorch=$2 ;;
      *) sed -n '2,4s/^# \{0,1\}//p' "scripts/$script" >&2; die "unknown argument '$1'" ;;
    esac
    shift 2
  done
  sides=(training)
  [[ $libtorch == no ]] || sides+=(training_libtorch)
  for side in "${sides[@]}"; do
    [[ -x $programs/$side ]] || die "no $programs/$side; run scripts/compare.sh first"
  done
}
