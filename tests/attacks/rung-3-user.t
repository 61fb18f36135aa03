#!/bin/sh
# Rung 3, as user: see run.sh.
exec "$(dirname "$0")/run.sh" 3 user
