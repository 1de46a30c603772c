#!/bin/bash
# Takes the kernel out of the tree, and packs the rest without what must be empty: pack.sh TREE OUT.
set -euo pipefail
tree=$1 out=$2
cp "$tree"/boot/vmlinuz-* "$out/vmlinuz"
cp "$tree/boot/initrd.img" "$tree/boot/efi-parts/"* "$tree/usr/lib/os-release" "$out/"

# One id or name resolver for all shops would be wrong.
: > "$tree/etc/machine-id"
rm -f "$tree/etc/hostname" "$tree/etc/resolv.conf" "$tree/vmlinuz"* "$tree/initrd.img"*
echo outpost > "$tree/etc/hostname"
printf '127.0.0.1 localhost outpost\n::1 localhost outpost\n' > "$tree/etc/hosts"
ln -s /run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
# Empty: the data partition comes over /var, systemd mounts the ESP on /boot. apt's sources name the mirror that this machine
# builds from. Left out rather than deleted, because mmdebstrap still cleans up there.
# zstd 9: 189 MB in 5 s; 19 gives 182 MB in 125 s.
mksquashfs "$tree" "$out/root.squashfs" -quiet -no-progress -comp zstd -Xcompression-level 9 -b 256K -noappend \
    -wildcards -e 'proc/*' 'sys/*' 'dev/*' 'run/*' 'tmp/*' 'var/*' 'boot/*' 'root/*' 'root/.*' etc/apt etc/dpkg usr/share/man usr/share/locale
