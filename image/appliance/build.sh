#!/bin/bash
# Builds target/image/outpost-<version>.img and .img.zst: see ../README.md. No loop device, no chroot of our own, no mount.
#   BINDIR=target/release image/appliance/build.sh
source "$(dirname "$0")/settings.sh"
source "$here/apt.sh"

step() { printf '%4d s  %s\n' $SECONDS "$*"; }

[ -x "$bindir/outpost" ] || { echo "image: no $bindir/outpost (cargo build --release, or BINDIR=)" >&2; exit 1; }
host_needs mmdebstrap:mmdebstrap mksquashfs:squashfs-tools unsquashfs:squashfs-tools mcopy:mtools mkfs.fat:dosfstools \
    sfdisk:fdisk objcopy:binutils zstd:zstd
[ -w "$scratch" ] || scratch=/tmp
work=$(mktemp -d -p "$scratch" outpost-image.XXXXXX)
chmod 0755 "$work"
mkdir -p "$out"
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work

step "root tree: mmdebstrap, our files, initramfs, squashfs"
source "$here/steps/10-root.sh"
step "no address of a mirror inside"
source "$here/steps/20-inspect.sh"
step "unified kernel"
source "$here/steps/30-uki.sh"
step "disk"
source "$here/steps/40-disk.sh"
step "compress"
zstd --quiet --force -T0 -6 "$image" -o "$image.zst"
step "done: $(du -h --apparent-size "$image" | cut -f1) $image ($(du -h "$image" | cut -f1) used), $(du -h "$image.zst" | cut -f1) compressed"
