#!/bin/bash
# `make install DESTDIR=` puts every file in its place with its mode, twice in a row, and never over a configuration that is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/bin"
for binary in outpost outpost-hq; do printf '#!/bin/sh\n' > "$tree/bin/$binary"; done

put() { make -s -f systemd/install.mk install DESTDIR="$tree/root" PREFIX=/usr BINDIR="$tree/bin" "$@"; }
put
expected=$(cat <<'TREE'
640 etc/outpost/edge.toml
640 etc/outpost/hq.toml
644 usr/lib/modules-load.d/outpost.conf
644 usr/lib/systemd/system/outpost-hq.service
644 usr/lib/systemd/system/outpost.service
644 usr/lib/sysusers.d/outpost.conf
644 usr/lib/tmpfiles.d/outpost.conf
644 usr/lib/udev/rules.d/70-outpost.rules
644 usr/share/doc/outpost/LICENSE
644 usr/share/doc/outpost/README.systemd.md
700 var/lib/outpost
700 var/lib/outpost-hq
700 var/lib/outpost/keys
755 etc/outpost
755 usr/bin/outpost
755 usr/bin/outpost-hq
TREE
)
found() {
    (cd "$tree/root" && find . \( -type f -o -path './var/lib/*' -o -path ./etc/outpost \) \
        ! -path ./usr/share/doc/outpost/README.md -printf '%m %P\n' | sort)
}
diff <(echo "$expected") <(found) || { echo "install: the tree differs (< expected, > found)"; exit 1; }

echo 'id = "mine"' > "$tree/root/etc/outpost/edge.toml"
put
grep -q mine "$tree/root/etc/outpost/edge.toml" || { echo "install: wrote over a configuration"; exit 1; }

put DESTDIR="$tree/local" PREFIX=/usr/local
grep -q '^ExecStart=/usr/local/bin/outpost run' "$tree/local/usr/local/lib/systemd/system/outpost.service" \
    || { echo "install: PREFIX did not reach ExecStart"; exit 1; }
# The default configurations are good, says the program that reads them. An example that is commented in is good too.
bindir=${BINDIR:-target/release}
if [ -x "$bindir/outpost" ] && [ -x "$bindir/outpost-hq" ]; then
    sed -E 's/^# (\[|id =|uri =|station|url|certificate|key =|ca =|names)/\1/' systemd/config/edge.toml > "$tree/edge.toml"
    sed -E 's/^# (names)/\1/' systemd/config/hq.toml > "$tree/hq.toml"
    for file in systemd/config/edge.toml "$tree/edge.toml"; do
        said=$("$bindir/outpost" check-config --config "$file" 2>&1) || { echo "install: $file: $said"; exit 1; }
    done
    for file in systemd/config/hq.toml "$tree/hq.toml"; do
        said=$("$bindir/outpost-hq" check-config --config "$file" 2>&1) || { echo "install: $file: $said"; exit 1; }
    done
else
    echo "SKIPPED check-config of the default configurations: no binaries in $bindir"
fi
echo "install: complete, modes right, configuration kept"
