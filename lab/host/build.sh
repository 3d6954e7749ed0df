#!/bin/sh
# Builds the root file system of a lab host, the whole of it here: Debian 13 with systemd, sshd and a Docker Engine.
#
#   build.sh MIRROR ARCHIVE
#
# MIRROR is the Debian mirror to take it from, ARCHIVE the tar file to write. Runs as root, in a mount namespace of its
# own, so that nothing stays mounted when it is killed. Where Docker Hub can be reached, `FROM debian:trixie` plus the
# same packages gives the same image.
set -eu
mirror=$1
archive=$2
recipe=$(cd "$(dirname "$0")" && pwd)
root="$archive.root"

lines() { # the lines of a list without comments
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"
}

rm -rf "$root" "$archive.tmp"

echo "debootstrap: Debian 13 (trixie)"
debootstrap --variant=minbase --include="$(lines "$recipe/packages" | paste -sd,)" trixie "$root" "$mirror"

echo "settings of the laboratory"
cp -R "$recipe/rootfs/." "$root/"
lines "$recipe/masked-units" | while read -r unit; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
ln -sf /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"

echo "identity: every host gets its own at first boot"
# systemd writes a new id into an empty file; it would otherwise inherit the id that dbus made at installation.
: > "$root/etc/machine-id"
ln -sf /etc/machine-id "$root/var/lib/dbus/machine-id"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname"
mkdir -p -m 0700 "$root/root/.ssh"

echo "what nobody reads in a laboratory"
rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* "$root"/usr/share/info/* \
  "$root"/usr/share/lintian/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb \
  "$root"/var/log/*.log "$root"/var/log/apt/*

echo "archive"
tar --create --file "$archive.tmp" --numeric-owner --one-file-system --directory "$root" .
rm -rf "$root"
mv "$archive.tmp" "$archive"
