#!/bin/sh
# Lays a busybox out as a distribution does. Runs inside the Debian stand-in.
#   lay-out.sh debian|alpine PARTS FOLDER     PARTS: a folder with busybox, names, libc.so and loader
set -eu

distribution=$1
parts=$2
root=$3

mkdir -p "$root"
cd "$root"
mkdir -p boot dev etc home media mnt opt proc root run srv sys tmp \
    usr/bin usr/lib usr/sbin usr/share usr/local/bin usr/local/sbin var/lib var/log var/tmp
chmod 1777 tmp var/tmp
chmod 700 root
ln -s ../run var/run

if [ "$distribution" = alpine ]; then
    name="Alpine Linux" id=alpine
    mkdir bin lib sbin
    cp "$parts/libc.so" "lib/$(cat "$parts/loader")"
    ln -s "$(cat "$parts/loader")" "lib/$(sed 's/^ld-\(.*\)$/libc.\1/' "$parts/loader")"
else
    # /usr is merged.
    name="another distribution" id=debian
    for folder in bin lib sbin; do ln -s "usr/$folder" "$folder"; done
fi
cp "$parts/busybox" bin/busybox
while read -r program; do
    [ -e "$program" ] || [ -L "$program" ] || ln -s /bin/busybox "$program"
done < "$parts/names"

cat > etc/passwd << 'END'
root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/sbin/nologin
END
cat > etc/group << 'END'
root:x:0:root
nogroup:x:65533:
nobody:x:65534:
END
cat > etc/shadow << 'END'
root:*::0:::::
nobody:!::0:::::
END
chmod 640 etc/shadow
cat > etc/os-release << END
NAME="Stand-in for $name"
ID=$id
PRETTY_NAME="Stand-in for $name (busybox of Debian)"
END

# Dates in whole seconds, as a layer from a registry has them.
find "$root" -exec touch --no-dereference --date=@1735689600 {} +
