#!/usr/bin/env bash
# Builds and runs a project that uses gradus from outside of the tree. Usage, from ctest:
#   run.sh install BUILD_FOLDER                  installs the build into BUILD_FOLDER/consumers/prefix
#   run.sh KIND BUILD_FOLDER [CMAKE ARGUMENT...]  find_package, add_subdirectory, fetch_content or torch
#   run.sh documents BUILD_FOLDER DOCUMENT [CMAKE ARGUMENT...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kind=$1
work=$2/consumers
shift 2
prefix=$work/prefix

if [[ $kind == install ]]; then
  rm -rf "$prefix"
  cmake --install "$work/.." --prefix "$prefix" >/dev/null
  echo "installed $(find "$prefix" -type f | wc -l) files"
  exit
fi

build=$work/$kind
case $kind in
  # As deep as the build itself, so that paths relative to it are the same, as ccache wants them.
  add_subdirectory | fetch_content)
    build=${work%/consumers}.$kind
    set -- "$@" -DGRADUS_INCLUDE_ROOT="$build/include"
    ;;
esac
if [[ $kind == documents ]]; then
  document=$1
  shift
  name=$(basename "$document" .md)
  build=$work/document_$name
  "$here/extract.sh" "$document" "$work/programs_$name"
  set -- "$@" -DPROGRAMS="$work/programs_$name"
fi
cmake -G Ninja -S "$here/$kind" -B "$build" -DCMAKE_PREFIX_PATH="$prefix" -DGRADUS_SOURCE="$root" "$@"
cmake --build "$build"
cd "$build"
for program in "$build"/consumer "$build"/program_*; do
  if [[ -x $program && -f $program ]]; then
    echo "running $program"
    "$program"
  fi
done
