#!/usr/bin/env bash
# Trains a convolutional network on handwritten digits. Arguments go to the program; scripts/demo.sh --help lists them.
source "$(dirname "$0")/lib.sh"

build release digits
say "running digits $*"
exec build/release/examples/digits "$@"
