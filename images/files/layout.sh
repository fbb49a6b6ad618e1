#!/bin/sh
# Lays the files of an image out over its base, so that one COPY adds them and changes nothing else.
#   layout.sh BASE BIN OUT     BIN: folder for the binary, relative to the root of the base
# Takes /init/my_init, /notices/* and, for a base with a shell, install_clean beside this script.
set -eu

base=$1
bin=$2
out=$3

# Other inits and the names that the binary takes their place by. docker-init is not among them: `docker run --init` mounts the
# engine's own init there, and through a link it would cover my_init. Nor is init: some bases lack theirs for a reason.
peers="tini tini-static dumb-init catatonit"

# The folder that a path of the base leads to. Where /usr is merged, /sbin is a link; a folder of that name in a layer would
# replace it.
real_folder() {
    folder=$1
    while [ -L "$base/$folder" ]; do
        link=$(readlink "$base/$folder")
        case $link in
            /*) folder=${link#/} ;;
            *) folder=$(dirname "$folder")/$link ;;
        esac
    done
    printf '%s\n' "$folder"
}

# Links to my_init in the folder $1, by those of the names that the base has nothing at.
link_names() {
    folder=$1
    shift
    mkdir -p "$out/$folder"
    for name; do
        [ -e "$base/$folder/$name" ] || [ -L "$base/$folder/$name" ] || [ -L "$out/$folder/$name" ] ||
            ln --symbolic --relative "$out/$bin/my_init" "$out/$folder/$name"
    done
}

bin=$(real_folder "$bin")
install -D -m 0755 /init/my_init "$out/$bin/my_init"
# shellcheck disable=SC2086
link_names "$bin" $peers pause setuser initctl
# Where runit has its own, so that one who installs runit gets that.
users=$bin
[ ! -d "$base/usr/bin" ] || users=$(real_folder usr/bin)
# shellcheck disable=SC2086
link_names "$users" $peers sv
# Alpine's is a link to /bin/busybox, which leads nowhere from here.
{ [ ! -e "$base/bin/sh" ] && [ ! -L "$base/bin/sh" ]; } || install -m 0755 "$(dirname "$0")/install_clean" "$out/$bin/install_clean"

mkdir -p "$out/usr/share/doc/baseimage-ts"
install -m 0644 /notices/* "$out/usr/share/doc/baseimage-ts"

# 1 January 2025, whenever it is built: BuildKit's cache tells files apart by their content and not by their dates, so with the
# date of a build, or of a commit, the image would depend on what was built before.
find "$out" -exec touch --no-dereference --date=@1735689600 {} +

# COPY gives folders that the base has the mode, owner and date of ours: make them equal.
cd "$out"
find . -type d | while read -r folder; do
    [ ! -d "$base/$folder" ] || printf '%s\n' "$folder"
done > /tmp/folders
tar -C "$base" --create --no-recursion --files-from /tmp/folders | tar --extract
