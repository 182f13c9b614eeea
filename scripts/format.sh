#!/usr/bin/env bash
# Formats every source file; with --check only says which differ, and fails if any does.
source "$(dirname "$0")/lib.sh"

case ${1:-} in
  "") mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *) die "unknown argument '$1'; usage: scripts/format.sh [--check]" ;;
esac
scripts/setup.sh format
mapfile -t files < <(find . \( -path ./build -o -path './.?*' \) -prune -o \( -name '*.h' -o -name '*.cpp' \) -type f -print)
say "clang-format-14 ${mode[*]} on ${#files[@]} files"
((${#files[@]} == 0)) || clang-format-14 "${mode[@]}" "${files[@]}"
say "done"
