#!/bin/bash
# Turns a Debian tree into the appliance: customize.sh TREE INSTALLED VERSION UID. Runs inside mmdebstrap's namespace.
set -euo pipefail
tree=$1 installed=$2 version=$3 uid=$4
here=$(cd "$(dirname "$0")" && pwd)

# Our own files, then the appliance's on top.
cp -r --preserve=mode "$installed/." "$tree/"
cp -r --preserve=mode "$here/rootfs/." "$tree/"
sed -i "s/@UID@/$uid/" "$tree/usr/lib/sysusers.d/outpost.conf"

# /etc is read-only, configuration is not: it lives on the data partition, and the first boot copies the defaults there.
mkdir -p "$tree/usr/share/outpost/etc"
mv "$tree"/etc/outpost/*.toml "$tree/usr/share/outpost/etc/"
rmdir "$tree/etc/outpost"
ln -s /var/etc/outpost "$tree/etc/outpost"
ln -s /var/etc/outpost/outpost.env "$tree/etc/default/outpost"

# Users now: /etc/passwd cannot grow later.
chroot "$tree" systemd-sysusers
[ "$(chroot "$tree" id -u outpost)" = "$uid" ]

# One version string for everything that names this build.
sed -i '/^IMAGE_/d' "$tree/usr/lib/os-release"
printf 'IMAGE_ID=outpost\nIMAGE_VERSION=%s\n' "$version" >> "$tree/usr/lib/os-release"
sed -i "s/^PRETTY_NAME=.*/PRETTY_NAME=\"Outpost $version\"/" "$tree/usr/lib/os-release"

chroot "$tree" systemctl --quiet enable outpost.service outpost-machine-id.service \
    systemd-networkd.service systemd-resolved.service systemd-timesyncd.service
# Nobody waits for a network; nobody logs in; nobody is asked questions; nothing writes to the ESP (FAT, no journal);
# there is no dpkg database and no LVM to look after.
chroot "$tree" systemctl --quiet mask systemd-networkd-wait-online.service getty@.service serial-getty@.service \
    console-getty.service systemd-firstboot.service systemd-boot-random-seed.service \
    dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service

# The same checks as tests/image/units.sh, with the systemd that will run these files (only 254 and later can verify udev rules).
said=$(chroot "$tree" systemd-analyze verify --man=no outpost.service outpost-machine-id.service 2>&1 | grep outpost || true)
[ -z "$said" ] || { echo "image: $said" >&2; exit 1; }
chroot "$tree" udevadm verify --no-style --no-summary /usr/lib/udev/rules.d/70-outpost.rules
chroot "$tree" systemd-analyze security --offline=true --no-pager --threshold=15 outpost.service | tail -n 1

# The initramfs, while its tools are still here.
cp "$here/initramfs/outpost.conf" "$tree/etc/initramfs-tools/conf.d/outpost"
grep -v '^#' "$here/initramfs/modules" > "$tree/etc/initramfs-tools/modules"
install -m 0755 "$here/initramfs/machine-id" "$tree/etc/initramfs-tools/scripts/local-bottom/machine-id"
release=$(basename "$tree"/usr/lib/modules/*)
chroot "$tree" mkinitramfs -o /boot/initrd.img "$release"
mkdir -p "$tree/boot/efi-parts"
cp "$tree/usr/lib/systemd/boot/efi/"{linuxx64.efi.stub,systemd-bootx64.efi} "$tree/boot/efi-parts/"

# The list of what is inside stays; the tools that could change it go.
mkdir -p "$tree/usr/share/outpost"
# shellcheck disable=SC2016 # the fields are dpkg-query's
chroot "$tree" dpkg-query -W -f '${Package} ${Version} ${source:Package} ${source:Version}\n' > "$tree/usr/share/outpost/packages"
chroot "$tree" dpkg --purge --force-depends systemd-boot-efi initramfs-tools initramfs-tools-core linux-base > /dev/null 2>&1 || true
