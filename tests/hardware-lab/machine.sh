# shellcheck shell=bash
# What the lab's machines share: packages that are unpacked and never installed, and the first file system. `work` is where.
source "$(dirname "${BASH_SOURCE[0]}")/../../image/appliance/apt.sh"
stop() { echo "hardware lab: $*" >&2; exit 1; }

# The architecture's packages, from this machine's own sources: what this machine runs is not touched, and no architecture is
# added to it.
apt_for() {
    local architecture=$1 lists=$work/apt release
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mkdir -p "$lists/sources" "$lists/lists/partial" "$work/debs"
    apt_sources "$lists/sources/all.sources" "$release" "$release-updates" "$release-security" || stop "this machine's apt source is not Debian's"
    apt_options=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$lists/sources" -o Dir::State::Lists="$lists/lists"
        -o Dir::Cache="$lists" -o Dir::State::status=/dev/null -o APT::Architecture="$architecture" -o APT::Architectures="$architecture")
    apt-get "${apt_options[@]}" update -qq || stop "apt cannot reach its source"
}

# fetch PACKAGE... into $work/debs, by the options of the latest apt_for.
fetch() {
    local package
    mkdir -p "$work/debs"
    for package in "$@"; do
        compgen -G "$work/debs/${package}_*.deb" > /dev/null && continue
        echo "fetching $package"
        (cd "$work/debs" && apt-get "${apt_options[@]}" download -qq "$package" 2> "$work/apt.log") || { cat "$work/apt.log" >&2; stop "$package cannot be had"; }
    done
}
apt_options=()

# unpack PACKAGE PATTERN... puts what the package holds under these patterns into $tree.
unpack() {
    local package=$1
    shift
    dpkg-deb --fsys-tarfile "$work/debs/${package}"_*.deb | tar -x -C "$tree" --wildcards "$@"
}

# The kernel that Debian's metapackage means, by the options of the latest apt_for.
kernel_of() { apt-cache "${apt_options[@]}" depends --important "$1" | awk '/Depends: linux-image-/ { print $2; exit }'; }

# Packs $tree as the machine's first file system.
pack() { (cd "$tree" && find . | cpio -o -H newc 2> /dev/null) > "$work/initramfs"; }
