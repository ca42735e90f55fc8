#!/bin/sh
# rootfs.sh DIRECTORY [LIST]: makes a Debian 12 root file system for the tests, unless it is there already.
set -u
setup=$(cd "$(dirname "$0")" && pwd)
root=$1
list=$setup/${2:-rootfs-packages.txt}
[ -e "$root.made" ] && cmp -s "$list" "$root.made" && exit 0
packages=$(grep -v '^#' "$list" | paste -sd,)
mirror=$(sed -n 's/^URIs: *\(http[^ ]*\).*/\1/p; s/^deb  *\(\[.*\] \)*\(http[^ ]*debian\) .*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null | grep '/debian/*$' | head -n 1)
printf 'bulwark: making a Debian root file system for the tests in %s (some minutes, once)\n' "$root" >&2
rm -rf "$root" "$root.made"
mkdir -p "$root"
if debootstrap --variant=minbase --include="$packages" bookworm "$root" "${mirror:-http://deb.debian.org/debian}" \
  >"$root.log" 2>&1 </dev/null; then
  rm -rf "$root"/var/cache/apt/archives/*.deb
  cp "$list" "$root.made"
else
  printf 'bulwark: debootstrap failed: see %s\n' "$root.log" >&2
  exit 1
fi
