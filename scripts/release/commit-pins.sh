#!/bin/sh
# Commits and pushes what npm run release -- refresh and npm run toolchain have written, and prints commit=HASH for a workflow.
set -eu

git -c user.name=refresh -c user.email=refresh@users.noreply.github.com commit --quiet --all \
    --message "bases: what their tags name on $(date --utc +%F)"
git push --quiet
echo "commit=$(git rev-parse HEAD)"
