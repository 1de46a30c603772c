# shellcheck shell=bash disable=SC2154
# ESP, slot A with this version, slot B empty. The data partition is made by systemd-repart at first boot, on the disk that is there.
image=$out/outpost-$version.img
esp=$work/esp.img

# Identities follow from the content: no two builds share them.
seed=$(sha256sum "$work/out/root.squashfs" "$uki" | sha256sum)
uuid() { printf '%s%s' "$seed" "$1" | sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-4\3-8\4-\5/'; }

truncate -s "${esp_mib}M" "$esp"
mkfs.fat -F 32 -n ESP -i "${seed:0:8}" --invariant "$esp" > /dev/null
printf 'timeout 0\neditor no\n' > "$work/loader.conf"
mmd -i "$esp" ::/EFI ::/EFI/BOOT ::/EFI/Linux ::/loader
mcopy -i "$esp" "$work/out/systemd-bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
mcopy -i "$esp" "$work/loader.conf" ::/loader/loader.conf
mcopy -i "$esp" "$uki" "::/EFI/Linux/$name.efi"

rm -f "$image"
truncate -s $((esp_mib + 2 * slot_mib + 2))M "$image"
sfdisk --quiet "$image" <<TABLE
label: gpt
label-id: $(uuid disk)
start=1MiB, size=${esp_mib}MiB, type=c12a7328-f81f-11d2-ba4b-00a0c93ec93b, name=ESP, uuid=$(uuid esp)
size=${slot_mib}MiB, type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709, name=$name, uuid=$(uuid a), attrs=GUID:60
size=${slot_mib}MiB, type=4f68bce3-e8cd-4db1-96e7-fbcaf984b709, name=_empty, uuid=$(uuid b), attrs=GUID:60
TABLE
put() { dd if="$1" of="$image" bs=1M seek="$2" conv=notrunc,sparse status=none; }
put "$esp" 1
put "$work/out/root.squashfs" $((1 + esp_mib))
