#!/usr/bin/env bash
# Installs, with apt-get, what the build needs and does not find (oneDNN 3 into build/, with pip).
# Usage: scripts/setup.sh [PRESET | benchmarks | format]...
source "$(dirname "$0")/lib.sh"

# What is looked for (a command, or a file below a prefix, perhaps a pattern) and the package that holds it.
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
sanitizers=("lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.asan-*.a libclang-rt-14-dev")
format=("command:clang-format-14 clang-format-14")
python=("lib/python3*/ensurepip/__init__.py python3-venv")
benchmarks=("include/benchmark/benchmark.h libbenchmark-dev")

present() {
  local prefix
  if [[ $1 == command:* ]]; then
    command -v "${1#command:}" >/dev/null
    return
  fi
  for prefix in /usr /usr/local /usr/include /usr/local/include; do
    ! compgen -G "$prefix/$1" >/dev/null || return 0
  done
  return 1
}

install_packages() {
  local sudo=() package known=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "not root and no sudo; as root: apt-get install --no-install-recommends $*"
    sudo=(sudo)
  fi
  command -v apt-get >/dev/null || die "no apt-get here; please install what these Debian packages hold: $*"
  say "installing $*"
  "${sudo[@]}" apt-get update -q
  for package in "$@"; do  # distributions divide clang differently: what one has to name comes by itself in another
    if apt-cache show "$package" >/dev/null 2>&1; then known+=("$package"); else say "no package $package here"; fi
  done
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${known[@]}"
}

# oneDNN 3, which Debian 12 does not have, built on GNU's OpenMP.
fetch_onednn3() {
  local where=build/oneDNN-3
  [[ ! -f $where/include/oneapi/dnnl/dnnl.hpp ]] || return 0
  say "fetching oneDNN 3.2 into $where"
  mkdir -p build
  python3 -m venv "$where"
  "$where/bin/pip" install -q --no-deps onednn-cpu-gomp==2023.2.0 onednn-devel-cpu-gomp==2023.2.0
}

(($#)) || set -- release
wanted=()
for what in "$@"; do
  case $what in
    format) wanted+=("${format[@]}") ;;
    benchmarks) wanted+=("${benchmarks[@]}") ;;
    no-onednn) wanted+=("${needs[@]}") ;;
    onednn3) wanted+=("${needs[@]}" "${python[@]}") ;;
    release | debug | coverage) wanted+=("${needs[@]}" "${onednn[@]}") ;;
    clang) wanted+=("${needs[@]}" "${onednn[@]}" "${clang[@]}") ;;
    asan) wanted+=("${needs[@]}" "${onednn[@]}" "${clang[@]}" "${sanitizers[@]}") ;;
    tsan) wanted+=("${needs[@]}" "${clang[@]}" "${sanitizers[@]}") ;;
    *) die "unknown preset '$what'; known: release debug coverage asan tsan clang no-onednn onednn3 benchmarks format" ;;
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
[[ " $* " != *" onednn3 "* ]] || fetch_onednn3
