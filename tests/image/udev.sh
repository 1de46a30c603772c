#!/bin/bash
# The udev rules: `udevadm verify` where it exists (254 and later); otherwise `udevadm test`, which reads every rule and
# names what it does not understand. It runs in a mount namespace of its own, so that the machine's rules stay as they are.
set -euo pipefail
cd "$(dirname "$0")/../.."
rules=$PWD/systemd/udev/70-outpost.rules
work=$1

if ! command -v udevadm > /dev/null; then
    echo "SKIPPED udev rules: udevadm is missing (apt-get install udev)"
    exit 0
fi
if udevadm verify --help > /dev/null 2>&1; then
    said=$(udevadm verify --resolve-names=never --no-style "$rules" 2>&1) || { echo "udev: $said"; exit 1; }
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! unshare --mount true 2> /dev/null; then
    echo "SKIPPED udev rules: this udevadm has no verify, and reading them otherwise needs root"
    exit 0
fi

# Prints what udev says about a rules file while it processes a device that every machine has.
read_rules() {
    unshare --mount sh -c '
        mount -t tmpfs tmpfs /usr/lib/udev/rules.d && mount -t tmpfs tmpfs /run && mkdir -p /run/udev/rules.d
        if [ -d /etc/udev/rules.d ]; then mount -t tmpfs tmpfs /etc/udev/rules.d; fi
        cp "$1" /run/udev/rules.d/70-outpost.rules
        udevadm test --action=add /sys/class/mem/null 2>&1' sh "$1" | grep -E '70-outpost.rules:[0-9]+|70-outpost.rules.*(nvalid|rror)' \
        | grep -vE "Unknown group 'outpost'|Failed to resolve group 'outpost'" || true
}
said=$(read_rules "$rules")
[ -z "$said" ] || { echo "udev: $said"; exit 1; }

# And the check can fail: a misspelt key and a jump to nowhere are seen.
sed 's/SYMLINK+=/SYMLNK+=/; s/GOTO="outpost_hid_end"/GOTO="nowhere"/' "$rules" > "$work/typo.rules"
said=$(read_rules "$work/typo.rules")
grep -q SYMLNK <<< "$said" && grep -q nowhere <<< "$said" || { echo "udev: misspelt rules were not noticed: $said"; exit 1; }
