#!/bin/bash
# Makes sure that QEMU is here, for `x86` (the default, with a UEFI firmware) or for `arm`; exits 3 with the reason when it
# cannot be had.
set -uo pipefail
source "$(dirname "$0")/../../image/appliance/apt.sh"
skip() { echo "$*"; exit 3; }

case ${1:-x86} in
    x86) package=qemu-system-x86 program=qemu-system-x86_64 bios=seabios ;;
    arm) package=qemu-system-arm program=qemu-system-aarch64 bios= ;;
    *) skip "no QEMU is known for $1" ;;
esac

firmware() {
    [ "$package" = qemu-system-arm ] || [ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || [ -e /usr/share/OVMF/OVMF_CODE.fd ]
}
if command -v "$program" > /dev/null && firmware; then exit 0; fi
[ "$(id -u)" = 0 ] || skip "$program or OVMF is missing, and only root can install it"
command -v apt-get > /dev/null || skip "qemu-system-x86_64 or OVMF is missing, and there is no apt"
[ -n "$(apt_uri "")" ] || apt-get update -qq || skip "apt cannot reach its source"

firmware || apt_install ovmf || skip "ovmf cannot be installed"
command -v "$program" > /dev/null && exit 0
apt_install "$package" 2> /dev/null && exit 0
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
apt_install "${options[@]}" "$package/$release-backports" qemu-system-common/"$release-backports" \
    qemu-system-data/"$release-backports" ${bios:+"$bios/$release-backports"} || skip "$package cannot be installed"
