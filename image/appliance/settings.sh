# shellcheck shell=bash disable=SC2034
# Every number and name of the image, in one place. Sourced by build.sh, its steps and (for the names) tests/image/boot.py.
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$repo/image/appliance
# One string: os-release, partition label, kernel's file name, file name of the image.
version=${VERSION:-$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$repo/Cargo.toml")}
out=${IMAGE_OUT:-$repo/target/image}
bindir=$(realpath -m "${BINDIR:-$repo/target/release}")
# 13: the first Debian whose systemd has sysupdate, which the A/B updates will need.
suite=trixie
# The cloud kernel is half the size but has no USB serial, no usblp and no GPIO: for boot tests only.
kernel=${IMAGE_KERNEL:-linux-image-amd64}
# The time of the last commit stands for all file times. (Two builds still differ somewhere: not yet reproducible.)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repo" log -1 --format=%ct 2> /dev/null || echo 1700000000)}
export SOURCE_DATE_EPOCH
# Fixed, because /var outlives an update and /etc/passwd does not.
outpost_uid=850
sector=512
esp_mib=256   # three kernels of 23 MB each, and room
slot_mib=1024 # a root file system is 140 MB now; a slot can never grow in the field
# tmpfs: dpkg syncs after every file (61 s there against 167 s on a disk). About 1 GB.
scratch=${IMAGE_SCRATCH:-/dev/shm}
