#!/bin/sh
# Fetches Debian's static busybox and musl for every platform but this one. Runs inside the Debian stand-in.
#   fetch-foreign.sh FOLDER     leaves FOLDER/<platform as BuildKit names it>/{busybox,names,libc.so,loader}
set -eu

out=$1
own=$(dpkg --print-architecture)
foreign='amd64 amd64 x86_64
arm64 arm64 aarch64
armv7 armhf armhf
riscv64 riscv64 riscv64
ppc64le ppc64el powerpc64le
s390x s390x s390x'

export DEBIAN_FRONTEND=noninteractive
echo "$foreign" | while read -r _ architecture _; do
    [ "$architecture" = "$own" ] || dpkg --add-architecture "$architecture"
done
apt-get update -q -o Acquire::Languages=none
# This platform's is of the same version, and can be asked for the names of its programs.
apt-get install -yq --no-install-recommends busybox-static

echo "$foreign" | while read -r platform architecture machine; do
    [ "$architecture" != "$own" ] || continue
    mkdir -p "$out/$platform" /packages
    cd /packages
    apt-get download -q "busybox-static:$architecture" "musl:$architecture"
    for package in ./*.deb; do dpkg -x "$package" /unpacked; done
    mv /unpacked/usr/bin/busybox "$out/$platform/busybox"
    mv "$(find /unpacked -name libc.so -type f)" "$out/$platform/libc.so"
    busybox --list-full > "$out/$platform/names"
    echo "ld-musl-$machine.so.1" > "$out/$platform/loader"
    rm -r /packages /unpacked
done
