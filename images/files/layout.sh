#!/bin/sh
# Lays the files of an image out over its base, so that one COPY adds them and changes nothing else.
#   layout.sh BASE BIN OUT     BIN: folder for the binary, relative to the root of the base
# Takes /init/my_init and /notices/*.
set -eu

base=$1
bin=$2
out=$3

# Where /usr is merged, /sbin is a link. A folder of that name in a layer would replace it.
while [ -L "$base/$bin" ]; do
    link=$(readlink "$base/$bin")
    case $link in
        /*) bin=${link#/} ;;
        *) bin=$(dirname "$bin")/$link ;;
    esac
done

install -D -m 0755 /init/my_init "$out/$bin/my_init"
mkdir -p "$out/usr/share/doc/baseimage-ts"
install -m 0644 /notices/* "$out/usr/share/doc/baseimage-ts"

if [ -n "${SOURCE_DATE_EPOCH-}" ]; then
    find "$out" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
fi

# COPY gives folders that the base has the mode, owner and date of ours: make them equal.
cd "$out"
find . -type d | while read -r folder; do
    [ ! -d "$base/$folder" ] || printf '%s\n' "$folder"
done > /tmp/folders
tar -C "$base" --create --no-recursion --files-from /tmp/folders | tar --extract
