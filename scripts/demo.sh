#!/usr/bin/env bash
# Trains a convolutional network on handwritten digits. Arguments go to the program; scripts/demo.sh --help lists them.
here=$PWD
source "$(dirname "$0")/lib.sh"

build release digits
say "running digits $*"
cd "$here" # where the caller's --data and --out are
exec "$root/build/release/examples/digits" "$@"
