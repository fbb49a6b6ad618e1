#!/bin/sh
# Installs what compiles the init, and fetches the source of QuickJS. Runs in the build stage, on a Debian base.
#   toolchain.sh BUILD_ARCHITECTURE TARGET_ARCHITECTURE QUICKJS_FOLDER
# Leaves the arguments for make that name the target in /target.
set -eu

build=$1
target=$2
quickjs=$3

case $target in
    amd64) machine=x86_64 cross=x86-64-linux-gnu ;;
    arm64) machine=aarch64 cross=aarch64-linux-gnu ;;
    *)
        echo "toolchain: no compiler is known for $target" >&2
        exit 1
        ;;
esac
# Newer ones give the interpreter's loop a stack frame three times as large: some pages more for each container.
compiler=gcc-12
echo "TARGET=$machine-linux-musl" > /target

# The base's own package source also has the sources: our files name no host.
for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || sed -i 's/^Types: *deb *$/Types: deb deb-src/' "$file"
done
if [ -s /etc/apt/sources.list ]; then
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
fi

set -- gcc $compiler libc6-dev make binutils dpkg-dev xz-utils "musl-dev:$target"
if [ "$build" != "$target" ]; then
    dpkg --add-architecture "$target"
    # qemu runs the binary's first stage, once, to freeze its heap.
    set -- "$@" "$compiler-$cross" qemu-user
    echo "RUN_TARGET=qemu-$machine CC=$machine-linux-gnu-$compiler" >> /target
else
    echo "CC=$compiler" >> /target
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -yq --no-install-recommends "$@"

# The compiler of bytecode and the library that reads it come from this one source: they must be of one version.
mkdir /source
cd /source
apt-get source -q --only-source quickjs
mv quickjs-*/ "$quickjs"
rm -rf /source /var/lib/apt/lists/*
