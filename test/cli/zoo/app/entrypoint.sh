#!/bin/sh
set -e
if [ "$(id -u)" = 0 ]; then
	exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi
exec "$@"
