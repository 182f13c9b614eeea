#!/usr/bin/env bash
# Installs, with apt-get, what the build needs and does not find. Usage: scripts/setup.sh [PRESET | benchmarks | format]...
source "$(dirname "$0")/lib.sh"

# What is looked for (a command, or a file below a prefix) and the package that holds it.
needs=(
  "command:g++ g++"
  "command:cmake cmake"
  "command:ninja ninja-build"
  "command:ccache ccache"
  "include/zlib.h zlib1g-dev"
  "include/nlohmann/json.hpp nlohmann-json3-dev"
  "include/CLI/CLI.hpp libcli11-dev"
  "include/gtest/gtest.h libgtest-dev"
  "command:gnuplot gnuplot-nox"
  "share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core"
)
onednn=("include/oneapi/dnnl/dnnl.hpp libdnnl-dev")
clang=("command:clang++-14 clang-14" "lib/llvm-14/lib/libomp.so libomp-14-dev")
format=("command:clang-format-14 clang-format-14")
benchmarks=("include/benchmark/benchmark.h libbenchmark-dev")

present() {
  local prefix
  if [[ $1 == command:* ]]; then
    command -v "${1#command:}" >/dev/null
    return
  fi
  for prefix in /usr /usr/local /usr/include /usr/local/include; do
    [[ ! -e $prefix/$1 ]] || return 0
  done
  return 1
}

install_packages() {
  local sudo=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "not root and no sudo; as root: apt-get install --no-install-recommends $*"
    sudo=(sudo)
  fi
  command -v apt-get >/dev/null || die "no apt-get here; please install what these Debian packages hold: $*"
  say "installing $*"
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

(($#)) || set -- release
wanted=()
for what in "$@"; do
  case $what in
    format) wanted+=("${format[@]}") ;;
    benchmarks) wanted+=("${benchmarks[@]}") ;;
    tsan) wanted+=("${needs[@]}" "${clang[@]}") ;;
    no-onednn) wanted+=("${needs[@]}") ;;
    release | debug | asan) wanted+=("${needs[@]}" "${onednn[@]}") ;;
    *) die "unknown preset '$what'; known: release debug asan tsan no-onednn benchmarks format" ;;
  esac
done

missing=()
for need in "${wanted[@]}"; do
  read -r probe package <<<"$need"
  present "$probe" || missing+=("$package")
done
if [[ $* != format ]] && command -v g++ >/dev/null && [[ -z ${CXX:-} ]] && ! command -v g++-12 >/dev/null &&
  (($(g++ -dumpversion | cut -d. -f1) < 12)); then
  missing+=(g++-12)
fi

if ((${#missing[@]})); then
  install_packages "${missing[@]}"
else
  say "nothing to install for $*"
fi
