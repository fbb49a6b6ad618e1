#!/bin/sh
# Makes the host keys when sshd is to be started and has none. -f: in any case, and anew.
set -eu

if [ "${1-}" = -f ]; then
    rm -f /etc/ssh/ssh_host_*
elif [ -e /etc/service/sshd/down ] || [ -s /etc/ssh/ssh_host_rsa_key ] || [ -s /etc/ssh/ssh_host_ed25519_key ]; then
    exit 0
fi
[ "$(id -u)" = 0 ] || { echo "no SSH host keys: only root can make them; sshd will not start" >&2; exit 0; }
[ -w /etc/ssh ] || { echo "no SSH host keys: /etc/ssh cannot be written; sshd will not start" >&2; exit 0; }
find /etc/ssh -name 'ssh_host_*' -empty -delete
ssh-keygen -A
# It succeeds on a full disk too. An empty key counts as none.
[ -s /etc/ssh/ssh_host_ed25519_key ] || echo "no SSH host keys could be made: is the disk full? sshd will not start" >&2
