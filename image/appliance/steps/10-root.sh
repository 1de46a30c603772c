# shellcheck shell=bash disable=SC2154
# The root file system: Debian's essential packages, packages.list, the kernel, `make install-edge`, rootfs/ on top.
apt_sources "$work/image.sources" "$suite" "$suite-updates" "$suite-security"

make -s -C "$repo" -f systemd/install.mk install-edge DESTDIR="$work/install" BINDIR="$bindir"
# Modules that no counter needs are 60 MB. Graphics: the firmware's framebuffer is enough until a kiosk variant exists.
modules='/usr/lib/modules/*/kernel'
mkdir -p "$work/out"
INITRD=No mmdebstrap --quiet --variant=essential --format=null --mode=auto \
    --include="$(grep -v '^#' "$here/packages.list" | paste -sd,),$kernel" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt="path-exclude=$modules/sound/*" --dpkgopt="path-exclude=$modules/drivers/media/*" \
    --dpkgopt="path-exclude=$modules/drivers/infiniband/*" \
    --dpkgopt="path-exclude=$modules/drivers/gpu/drm/amd/*" --dpkgopt="path-exclude=$modules/drivers/gpu/drm/i915/*" \
    --dpkgopt="path-exclude=$modules/drivers/gpu/drm/nouveau/*" --dpkgopt="path-exclude=$modules/drivers/gpu/drm/radeon/*" \
    --dpkgopt="path-exclude=$modules/drivers/gpu/drm/xe/*" \
    --customize-hook="$here/customize.sh \"\$1\" $work/install $version $outpost_uid" \
    --customize-hook="$here/pack.sh \"\$1\" $work/out" \
    "$suite" /dev/null "$work/image.sources"
