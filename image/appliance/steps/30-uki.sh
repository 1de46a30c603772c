# shellcheck shell=bash disable=SC2154
# Kernel, initramfs and command line in one EFI program: they can only be replaced together, and a boot counter can name them.
name=outpost_$version
uki=$work/out/$name.efi
stub=$work/out/linuxx64.efi.stub
# By label, because an update writes the other slot. panic: a panic is a reboot in 10 s. No console on ttyS0: a scale may hang there.
echo -n "root=PARTLABEL=$name rootfstype=squashfs ro panic=10 quiet" > "$work/cmdline"

# Sections go behind the stub's own, one after the other, each on its alignment.
page() { printf '%d' $((($1 + 4095) & ~4095)); }
read -r size vma < <(objdump -h "$stub" | awk '$1 ~ /^[0-9]+$/ { last = $3 " " $4 } END { print last }')
at=$(page $((0x$vma + 0x$size)))
args=()
for pair in .osrel:"$work/out/os-release" .cmdline:"$work/cmdline" .linux:"$work/out/vmlinuz" .initrd:"$work/out/initrd.img"; do
    file=${pair#*:}
    args+=(--add-section "${pair%%:*}=$file" --change-section-vma "${pair%%:*}=$at")
    at=$(page $((at + $(stat -c %s "$file"))))
done
objcopy "${args[@]}" "$stub" "$uki"
