#!/bin/sh
# Compiles busybox with musl from Debian's source, for this platform. Runs inside the Debian stand-in.
#   build-busybox.sh FOLDER     leaves FOLDER/{busybox,names,libc.so,loader}
set -eu

out=$1
case $(dpkg --print-architecture) in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *)
        echo "build-busybox: stand-ins can be built on amd64 and arm64 only" >&2
        exit 1
        ;;
esac

export DEBIAN_FRONTEND=noninteractive
sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
apt-get update -q -o Acquire::Languages=none
# gcc is for the programs that busybox's build runs, too.
apt-get install -yq --no-install-recommends make bzip2 xz-utils dpkg-dev gcc libc6-dev linux-libc-dev musl musl-dev
mkdir /source
cd /source
apt-get source -q --only-source busybox
cd busybox-*/

# musl has no kernel headers: only theirs come from the machine's libc folders.
mkdir /headers
for name in linux asm-generic mtd; do ln -s "/usr/include/$name" /headers/; done
ln -s "/usr/include/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/asm" /headers/

make -s defconfig
# tc needs kernel headers that are gone since Linux 6.8.
sed -i 's/^CONFIG_TC=y/# CONFIG_TC is not set/' .config
yes '' | make -s oldconfig > /dev/null
# -fpermissive: busybox passes sockaddr_un where sockaddr is declared, an error since gcc 14.
set -- CC="gcc -specs=/usr/lib/$machine-linux-musl/musl-gcc.specs" EXTRA_CFLAGS='-isystem /headers -w -fpermissive'
make -s -j"$(nproc)" "$@" busybox busybox.links
mkdir -p "$out"
cp busybox "$out/busybox"
grep -v '^/linuxrc$' busybox.links | cut -c2- > "$out/names"
cp "/usr/lib/$machine-linux-musl/libc.so" "$out/libc.so"
echo "ld-musl-$machine.so.1" > "$out/loader"
