#!/bin/sh
set -e
python3 /app/server.py --check
echo starting
python3 /app/server.py
