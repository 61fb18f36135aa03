#!/bin/sh
# Rung 2, as user: see run.sh.
exec "$(dirname "$0")/run.sh" 2 user
