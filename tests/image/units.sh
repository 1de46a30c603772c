#!/bin/bash
# What can be said about units, users, directories and udev rules without systemd as PID 1: see systemd/README.md.
# `systemd-analyze verify` exits 0 on an unknown key, so any line that names one of our files is a failure.
# ROOT=/path/to/tree checks an installed tree (the image's) with that tree's own systemd instead of the host's.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v systemd-analyze > /dev/null; then
    echo "SKIPPED check-systemd: systemd-analyze is missing (apt-get install systemd)"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
exposure_max=15 # tenths: 1.5
failed=0
fail() { echo "check-systemd: $*"; failed=1; }

# verify wants ExecStart= to exist, so the binaries are stand-ins and the units name them where they are.
mkdir "$work/bin"
for binary in outpost outpost-hq; do install -m 0755 /bin/true "$work/bin/$binary"; done
make -s -f systemd/install.mk install DESTDIR="$work/root" BINDIR="$work/bin"
mkdir "$work/units"
for unit in outpost outpost-hq; do
    sed "s,/usr/bin/,$work/root/usr/bin/," "$work/root/usr/lib/systemd/system/$unit.service" > "$work/units/$unit.service"
done

ours() { grep -E 'outpost' || true; }

for unit in outpost outpost-hq; do
    said=$(systemd-analyze verify --man=no "$work/units/$unit.service" 2>&1 | ours)
    [ -z "$said" ] || fail "verify $unit.service: $said"
    score=$(systemd-analyze security --offline=true --no-pager --threshold=$exposure_max "$work/units/$unit.service" 2>&1) \
        || fail "$unit.service is above $exposure_max tenths"
    echo "$score" | tail -n 1
done

# A check that cannot fail is worse than none: a misspelt key must be seen.
sed 's/^WatchdogSec=/WatchdgSec=/' "$work/units/outpost.service" > "$work/units/outpost-typo.service"
[ -n "$(systemd-analyze verify --man=no "$work/units/outpost-typo.service" 2>&1 | ours)" ] \
    || fail "the misspelt key WatchdgSec= was not noticed"

# Users in an empty tree; tmpfiles then uses them there. Both really run, below the temporary root only.
systemd-sysusers --dry-run "$work/root/usr/lib/sysusers.d/outpost.conf" > /dev/null 2> "$work/sysusers" || fail "sysusers: $(cat "$work/sysusers")"
if [ "$(id -u)" = 0 ]; then
    systemd-sysusers --root="$work/root" outpost.conf 2> "$work/sysusers" || fail "sysusers: $(cat "$work/sysusers")"
    grep -q '^outpost:' "$work/root/etc/passwd" || fail "sysusers made no user outpost"
    said=$(systemd-tmpfiles --root="$work/root" --create outpost.conf 2>&1) || fail "tmpfiles: $said"
    [ -z "$said" ] || fail "tmpfiles: $said"
    uid=$(sed -n 's/^outpost:[^:]*:\([0-9]*\):.*/\1/p' "$work/root/etc/passwd")
    [ "$(stat -c '%a %u' "$work/root/var/lib/outpost/keys")" = "700 $uid" ] || fail "the keys' directory is not the store's alone"
    [ "$(stat -c '%a %U' "$work/root/etc/outpost/edge.toml")" = "640 root" ] || fail "edge.toml is not root's"
else
    echo "SKIPPED running sysusers and tmpfiles: not root"
fi

# modules-load.d: names only, no paths and no options (those would be ignored without a word).
grep -vE '^(#|$)' systemd/modules-load.d/outpost.conf | grep -vE '^[a-z0-9_]+$' && fail "modules-load: not a module name"

tests/image/udev.sh "$work" || failed=1
[ $failed = 0 ] && echo "check-systemd: passed" || exit 1
