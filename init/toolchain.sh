#!/bin/sh
# Installs what compiles the init, in the stages of init/Dockerfile, on a Debian base. BUILD and TARGET are architectures as
# Docker names them, with their variant behind: amd64, armv7.
#
#   toolchain.sh common QUICKJS_FOLDER    this machine's compiler and tools, and the source of QuickJS
#   toolchain.sh foreign                  what other platforms' compilers share: an emulator for the first stage of each binary, which runs
#                                         once, to freeze its heap; and the libc of each, since its package index is large
#   toolchain.sh target BUILD TARGET      the target's compiler and libc; the arguments for make that name it go to /target
#   toolchain.sh compare LOCK             says which versions differ from the recorded ones, here and in /toolchain-differences
#
# /toolchain-versions has what decides the binary's bytes. SNAPSHOT=20261101T000000Z takes the packages as they were at that time.
set -eu

# Newer ones give the interpreter's loop a stack frame three times as large: some pages more for each container.
compiler=gcc-12
architectures="amd64 arm64 armhf riscv64 ppc64el s390x"
emulators="x86_64 aarch64 arm riscv64 ppc64le s390x"
export DEBIAN_FRONTEND=noninteractive

# Runs apt-get, at the snapshot where that one can be had.
apt() {
    if [ -s /etc/toolchain-snapshot ]; then
        set -- --snapshot "$(cat /etc/toolchain-snapshot)" "$@"
    fi
    apt-get -q -o Acquire::Languages=none -o Acquire::Retries=5 "$@"
}

update() {
    if [ -n "${SNAPSHOT:-}" ] && [ ! -e /etc/toolchain-snapshot ]; then
        echo "$SNAPSHOT" > /etc/toolchain-snapshot
        if apt -o Acquire::Retries=0 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 --error-on=any update; then
            return
        fi
        echo "toolchain: warning: packages of snapshot $SNAPSHOT cannot be had here; those of the live mirror are used"
        : > /etc/toolchain-snapshot
    fi
    apt update
}

# Adds the packages that are named, as they are installed.
record() {
    # The pattern is dpkg's.
    # shellcheck disable=SC2016
    dpkg-query --show --showformat '${Package}=${Version}\n' "$@" >> /toolchain-versions
    sort -u -o /toolchain-versions /toolchain-versions
}

# Fetches packages for /packages, in one go.
fetch() {
    mkdir -p /packages
    cd /packages
    apt download "$@"
}

# The libc by itself: its package asks for the newest compiler too.
unpack_musl() {
    deb=$(echo /packages/musl-dev_*"_$1.deb")
    dpkg-deb --extract "$deb" /
    echo "musl-dev:$1=$(dpkg-deb --field "$deb" Version)" >> /toolchain-versions
    sort -u -o /toolchain-versions /toolchain-versions
}

common() {
    # A stage that is lost is built again.
    echo force-unsafe-io > /etc/dpkg/dpkg.cfg.d/toolchain
    # The base's own package source also has the sources: our files name no host.
    for file in /etc/apt/sources.list.d/*.sources; do
        [ ! -e "$file" ] || sed -i 's/^Types: *deb *$/Types: deb deb-src/' "$file"
    done
    if [ -s /etc/apt/sources.list ]; then
        sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
    fi
    update
    apt install -y --no-install-recommends $compiler libc6-dev make binutils dpkg-dev xz-utils zopfli
    record zopfli
    # The compiler of bytecode and the library that reads it come from this one source: they must be of one version.
    mkdir /source
    cd /source
    apt source --only-source quickjs
    echo "quickjs=$(dpkg-parsechangelog --file quickjs-*/debian/changelog --show-field Version)" >> /toolchain-versions
    mv quickjs-*/ "$1"
    rm -rf /source
}

foreign() {
    for architecture in $architectures; do
        [ "$architecture" = "$(dpkg --print-architecture)" ] || dpkg --add-architecture "$architecture"
    done
    update
    # shellcheck disable=SC2046,SC2086
    fetch qemu-user $(printf 'musl-dev:%s ' $architectures)
    # That package has the emulators of thirty platforms.
    # shellcheck disable=SC2046,SC2086
    dpkg-deb --fsys-tarfile qemu-user_*.deb | tar --extract --directory / $(printf './usr/bin/qemu-%s ' $emulators)
    echo "qemu-user=$(dpkg-deb --field qemu-user_*.deb Version)" >> /toolchain-versions
    rm qemu-user_*.deb
}

target() {
    case $2 in
        amd64) debian=amd64 machine=x86_64 gnu=gnu musl=musl emulator=x86_64 ;;
        arm64) debian=arm64 machine=aarch64 gnu=gnu musl=musl emulator=aarch64 ;;
        armv7) debian=armhf machine=arm gnu=gnueabihf musl=musleabihf emulator=arm ;;
        riscv64) debian=riscv64 machine=riscv64 gnu=gnu musl=musl emulator=riscv64 ;;
        ppc64le) debian=ppc64el machine=powerpc64le gnu=gnu musl=musl emulator=ppc64le ;;
        s390x) debian=s390x machine=s390x gnu=gnu musl=musl emulator=s390x ;;
        *)
            echo "toolchain: error: no compiler is known for $2; there are amd64, arm64, armv7, riscv64, ppc64le and s390x" >&2
            exit 1
            ;;
    esac
    if [ "$1" = "$2" ]; then
        fetch "musl-dev:$debian"
        record $compiler libgcc-12-dev "binutils-$(echo $machine | tr _ -)-linux-$gnu"
        echo "TARGET=$machine-linux-$musl CC=$compiler BUILD_CC=$compiler" > /target
    else
        cross=$(echo "$machine" | tr _ -)-linux-$gnu
        apt install -y --no-install-recommends "$compiler-$cross"
        record "$compiler-$cross" "libgcc-12-dev-$debian-cross" "binutils-$cross"
        echo "TARGET=$machine-linux-$musl CC=$machine-linux-$gnu-$compiler BUILD_CC=$compiler RUN_TARGET=qemu-$emulator" > /target
    fi
    unpack_musl "$debian"
}

compare() {
    : > /toolchain-differences
    while IFS='=' read -r package version; do
        recorded=$(sed -n "s/^$package=//p" "$1")
        [ "$version" = "$recorded" ] || echo "$package is $version, recorded ${recorded:-not at all}" >> /toolchain-differences
    done < /toolchain-versions
    sed 's/^/toolchain: warning: /; s/$/: the bytes of the binary may differ/' /toolchain-differences
}

case ${1:-} in
    common | foreign | target | compare) "$@" ;;
    *)
        echo "toolchain: error: no command \"${1:-}\"; there are common, foreign, target and compare" >&2
        exit 2
        ;;
esac
