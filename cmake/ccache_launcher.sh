#!/bin/sh
# ccache_launcher.sh CCACHE COMPILER ARGUMENT...: compiles through ccache. The old file of a precompiled header goes
# first: GCC would read it for the header that it is made of, and ccache take it for all that it depends on.
ccache=$1
shift
before=
for argument in "$@"; do
  case $before$argument in
    -o*.gch | -o*.pch) rm -f "$argument" ;;
  esac
  before=
  [ "$argument" = -o ] && before=-o
done
exec "$ccache" "$@"
