# shellcheck shell=bash
# What to ask apt for, from where. The addresses are those of this machine's own sources, read at build time: the repository
# names no mirror, and a check in build.sh refuses an image that does.

# The machine's address of Debian's main archive, or of its security archive ("-security"), whatever the file's format is.
apt_uri() {
    # shellcheck disable=SC2016 # the fields are apt's
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' "Created-By: Packages" \
        | awk -v security="$1" '$1 == "Debian" && ($3 ~ /-security$/) == (security != "") { print $2; exit }'
}

# Writes a deb822 source file for the suites: apt_sources FILE SUITE... (a suite named *-security goes to that archive).
apt_sources() {
    local file=$1 suite uri
    shift
    # Containers come without lists, and apt names the origin of a source only from its list.
    [ -n "$(apt_uri "")" ] || apt-get update -qq
    for suite in "$@"; do
        case $suite in *-security) uri=$(apt_uri -security) ;; *) uri=$(apt_uri "") ;; esac
        [ -n "$uri" ] || { echo "apt: this machine has no source for $suite" >&2; return 1; }
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
            "$uri" "$suite" /usr/share/keyrings/debian-archive-keyring.gpg
    done > "$file"
}

# Installs host packages and never removes one: left to itself, apt solved a conflict by removing the machine's qemu-utils (seen).
# With its own archive cache, because a "docker-clean" hook deletes the shared one under a second apt.
apt_install() {
    local cache
    cache=$(mktemp -d)
    mkdir "$cache/partial"
    DEBIAN_FRONTEND=noninteractive apt-get -o Dir::Cache::archives="$cache" \
        install --yes --no-remove --no-install-recommends "$@" > "$cache/log" 2>&1 || { tail -n 20 "$cache/log" >&2; rm -rf "$cache"; return 1; }
    rm -rf "$cache"
}

# host_needs COMMAND:PACKAGE... installs the packages whose command is missing.
host_needs() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" > /dev/null || missing+=("${pair##*:}")
    done
    [ ${#missing[@]} = 0 ] && return
    [ "$(id -u)" = 0 ] || { echo "missing, and only root can install: ${missing[*]}" >&2; return 1; }
    echo "installing: ${missing[*]}" >&2
    apt-get update -qq && apt_install "${missing[@]}"
}
