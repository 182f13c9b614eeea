#!/usr/bin/env bash
# Prints how small gradus is, each figure beside its limit, and fails when one is exceeded: the time in which g++ -O2
# compiles a thirty-line script (best of three), and the size of the stripped shared library.
# With --build also the time in which the library is built from nothing, without ccache, on two cores.
# Times are processor time, which other programs disturb less than the clock; on two cores half of it.
source "$(dirname "$0")/lib.sh"

full=no
case ${1:-} in
  "") ;;
  --build) full=yes ;;
  *) die "unknown argument '$1'; usage: scripts/measure_size.sh [--build]" ;;
esac

# seconds CORES COMMAND...: how long it takes on so many cores that do nothing else.
seconds() {
  local cores=$1 LC_ALL=C TIMEFORMAT='%U %S' spent
  shift
  spent=$({ time "$@" >"$work/log" 2>&1; } 2>&1) || {
    cat "$work/log" >&2
    return 1
  }
  awk -v cores="$cores" '{ printf "%.2f", ($1 + $2) / cores }' <<<"$spent"
}

over=0
# report WHAT VALUE LIMIT UNIT
report() {
  local verdict
  verdict=$(awk -v v="$2" -v limit="$3" 'BEGIN { print v <= limit ? "ok" : "TOO MUCH" }')
  printf '%-50s %8s %-3s (at most %s): %s\n' "$1" "$2" "$4" "$3" "$verdict"
  [[ $verdict == ok ]] || over=1
}

build release gradus
pick_compiler
work=build/measure
mkdir -p "$work"

best=1e9
for _ in 1 2 3; do
  time=$(seconds 1 "${CXX:-g++}" -std=c++20 -O2 -Ibuild/release/include -c tests/consumers/script.cpp -o "$work/script.o")
  best=$(awk -v a="$best" -v b="$time" 'BEGIN { print a < b ? a : b }')
done

strip -o "$work/libgradus.so" "$(readlink -f build/release/libgradus.so)"
size=$(stat -c %s "$work/libgradus.so")

if [[ $full == yes ]]; then
  say "building the library from nothing"
  rm -rf "$work/build"
  cmake -S . -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRADUS_USE_CCACHE=OFF -DGRADUS_BUILD_TESTS=OFF \
    -DGRADUS_BUILD_EXAMPLES=OFF >/dev/null
  whole=$(seconds 2 cmake --build "$work/build" -j 2)
  rm -rf "$work/build"
fi

report "thirty-line script, g++ -O2" "$best" 2.5 s
report "shared library, stripped" "$(awk -v b="$size" 'BEGIN { printf "%.2f", b / 1048576 }')" 12 MB
[[ $full == no ]] || report "library from nothing, two cores" "$whole" 360 s
((over == 0)) || die "over the limit"
