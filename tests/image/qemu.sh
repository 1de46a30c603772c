#!/bin/bash
# Makes sure that QEMU and a UEFI firmware are here; exits 3 with the reason when they cannot be had.
set -uo pipefail
source "$(dirname "$0")/../../image/appliance/apt.sh"
skip() { echo "$*"; exit 3; }

firmware() { ls /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_CODE.fd 2> /dev/null | head -n 1; }
if command -v qemu-system-x86_64 > /dev/null && [ -n "$(firmware)" ]; then exit 0; fi
[ "$(id -u)" = 0 ] || skip "qemu-system-x86_64 or OVMF is missing, and only root can install it"
command -v apt-get > /dev/null || skip "qemu-system-x86_64 or OVMF is missing, and there is no apt"
[ -n "$(apt_uri "")" ] || apt-get update -qq || skip "apt cannot reach its source"

[ -n "$(firmware)" ] || apt_install ovmf || skip "ovmf cannot be installed"
command -v qemu-system-x86_64 > /dev/null && exit 0
apt_install qemu-system-x86 2> /dev/null && exit 0
# A qemu-utils from backports breaks the older qemu-system-common: then all of QEMU comes from there, through sources of our own.
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
mkdir -p "$private/sources" "$private/lists/partial"
chmod 0755 "$private" "$private/sources" "$private/lists"
apt_sources "$private/sources/all.sources" "$release" "$release-updates" "$release-security" "$release-backports" \
    || skip "this machine's apt source is not Debian's"
options=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$private/sources" -o Dir::State::Lists="$private/lists")
apt-get "${options[@]}" update -qq || skip "apt cannot reach $release-backports"
apt_install "${options[@]}" qemu-system-x86/"$release-backports" qemu-system-common/"$release-backports" \
    qemu-system-data/"$release-backports" seabios/"$release-backports" || skip "qemu-system-x86 cannot be installed"
