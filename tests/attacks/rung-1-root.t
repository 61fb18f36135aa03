#!/bin/sh
# Rung 1, as root: see run.sh.
exec "$(dirname "$0")/run.sh" 1 root
