#!/bin/sh
# Bare lab hosts for development: scratch.sh up NAME SUBNET COUNT | down NAME
exec node -r tsx/cjs "$(dirname "$0")/scratchCommand.ts" "$@"
