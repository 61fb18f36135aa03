#!/bin/sh
# Rung 1, as user: see run.sh.
exec "$(dirname "$0")/run.sh" 1 user
