#!/bin/sh
# Makes a root folder with musl and busybox, laid out as Alpine's. Runs inside the Debian stand-in.
#   build-alpine.sh amd64|arm64 FOLDER
set -eu

architecture=$1
root=$2

case $architecture in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *)
        echo "build-alpine: no compiler is known for $architecture" >&2
        exit 1
        ;;
esac
cross=$machine-linux-gnu-

export DEBIAN_FRONTEND=noninteractive
dpkg --add-architecture "$architecture"
sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
apt-get update -q
# gcc is for the programs that busybox's build runs.
apt-get install -yq --no-install-recommends make bzip2 xz-utils dpkg-dev gcc libc6-dev linux-libc-dev \
    "gcc-$(echo "$machine" | tr _ -)-linux-gnu" "musl:$architecture" "musl-dev:$architecture"
mkdir /source
cd /source
apt-get source -q --only-source busybox
cd busybox-*/

# musl has no kernel headers: only theirs come from the machine's libc folders.
mkdir /headers
for name in linux asm-generic mtd; do ln -s "/usr/include/$name" /headers/; done
asm=/usr/include/$(dpkg-architecture -A "$architecture" -q DEB_HOST_MULTIARCH)/asm
[ -d "$asm" ] || asm=/usr/$machine-linux-gnu/include/asm
ln -s "$asm" /headers/

make -s defconfig
# tc needs kernel headers that are gone since Linux 6.8.
sed -i 's/^CONFIG_TC=y/# CONFIG_TC is not set/' .config
yes '' | make -s oldconfig > /dev/null
# -fpermissive: busybox passes sockaddr_un where sockaddr is declared, an error since gcc 14.
set -- CROSS_COMPILE="$cross" CC="${cross}gcc -specs=/usr/lib/$machine-linux-musl/musl-gcc.specs" \
    EXTRA_CFLAGS='-isystem /headers -w -fpermissive'
make -s -j"$(nproc)" "$@" busybox
make -s "$@" CONFIG_PREFIX="$root" install > /dev/null
rm -f "$root/linuxrc"

cd "$root"
mkdir -p dev etc home lib media mnt opt proc root run srv sys tmp usr/lib usr/local/bin var/lib var/log var/tmp
chmod 1777 tmp var/tmp
chmod 700 root
ln -s ../run var/run
cp "/usr/lib/$machine-linux-musl/libc.so" "lib/ld-musl-$machine.so.1"
ln -s "ld-musl-$machine.so.1" "lib/libc.musl-$machine.so.1"
cat > etc/passwd << 'END'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin
END
cat > etc/group << 'END'
root:x:0:root
nobody:x:65534:
END
cat > etc/os-release << 'END'
NAME="Stand-in for Alpine Linux"
ID=alpine
PRETTY_NAME="Stand-in for Alpine Linux (musl and busybox of Debian)"
END

# Dates in whole seconds, as a layer from a registry has them.
find "$root" -exec touch --no-dereference --date=@1735689600 {} +
