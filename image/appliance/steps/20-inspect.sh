# shellcheck shell=bash disable=SC2154
# What must not be in a shipped image, and what must.
root=$work/out/root.squashfs
unsquashfs -lls "$root" > "$work/files"

# Configuration that names the machine's mirror. Documentation and binaries of Debian name Debian's home, which is nobody's mirror.
unsquashfs -quiet -no-progress -no-xattrs -dest "$work/configuration" "$root" etc usr/share/outpost > /dev/null
for uri in "$(apt_uri "")" "$(apt_uri -security)"; do
    if grep -rIl --fixed-strings -e "${uri%/}" "$work/configuration"; then
        echo "image: refused, the files above name the mirror of this machine" >&2
        exit 1
    fi
done
for path in etc/apt usr/bin/apt-get; do
    if grep -q " squashfs-root/$path$" "$work/files"; then echo "image: refused, $path is inside" >&2; exit 1; fi
done
for path in usr/bin/outpost etc/systemd/system/multi-user.target.wants/outpost.service usr/share/outpost/packages; do
    grep -q " squashfs-root/$path\( \|$\)" "$work/files" || { echo "image: $path is missing" >&2; exit 1; }
done
(( $(stat -c %s "$root") <= slot_mib << 20 )) || { echo "image: the root does not fit its slot" >&2; exit 1; }
