#!/bin/bash
# A script that does by hand what an init does for one child.
trap 'kill -TERM "$child"; wait "$child"; exit 0' TERM
python3 /app/server.py &
child=$!
wait "$child"
