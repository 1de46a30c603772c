#!/usr/bin/env python3
"""The appliance image boots, sells, loses its power and still has the sale. See image/README.md.

    tests/image/boot.py [--image FILE] [--bus virtio|usb] [--no-sale] [--keep]

`--no-sale` is for an image whose /usr/bin/outpost is a stand-in that only answers /health/ready.
Prints SKIPPED with the reason, and exits 0, when QEMU or the image cannot be had; exits 1 on a failure.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ in the source tree
from machine import HERE, Machine  # noqa: E402

BOOT_S_MAX = 600  # 65 to 129 s were measured on two loaded cores without KVM
DISK_MIB = 4096  # more than the image: the data partition must take the rest of the stick
CATALOGUE = "sku,gtin,name,price,unit,tax_rate,category,stock\nMILK-1L,4006381333931,Milk 1 l,1.29,each,7,dairy,10\n"
SALE = json.dumps({
    "terminal": "T1",
    "lines": [{"code": "4006381333931", "quantity": "2"}],
    "payments": [{"method": "cash", "tendered": {"amount": 1000, "currency": "EUR"}}],
})


def skip(reason):
    print(f"SKIPPED image test: {reason}")
    sys.exit(0)


def newest_image():
    images = sorted((HERE.parent.parent / "target/image").glob("outpost-*.img"), key=lambda file: file.stat().st_mtime)
    return images[-1] if images else None


def post(machine, path, body, kind, key):
    return machine.call("POST", path, body, {"Content-Type": kind, "Idempotency-Key": key})


def sell(machine, key):
    status, sale = post(machine, "/api/v1/sales", SALE, "application/json", key)
    assert status == 201, f"sale: {status} {sale}"
    return sale


def check_facts(machine, image):
    """What the guest says about itself."""
    facts = machine.facts(timeout_s=120)
    root, data = facts["root"], facts["data"]
    assert root[0] == "squashfs" and "ro" in root[1].split(","), f"root: {root}"
    assert facts["writable"] == ["no"], "a file could be written below /usr"
    assert data[0] == "ext4" and {"rw", "nosuid", "nodev", "noatime"} <= set(data[1].split(",")), f"data: {data}"
    assert int(facts["data_mib"][0]) > 1400, f"the data partition did not take the disk: {facts['data_mib']} MiB"
    assert image.name == f"outpost-{facts['version'][0]}.img", f"version: {facts['version']}"
    assert facts["user"] == ["outpost:700", "outpost:700"], f"the ledger's or the keys' directory: {facts['user']}"
    assert facts["serial"][:1] == ["outpost:660"], f"the scanner's name or group: {facts['serial']}"
    assert facts["failed"] == [], f"failed units: {facts['failed']}"
    assert facts["restarts"] == ["0"], f"the store restarted: {facts['restarts']}"
    assert "[FAILED]" not in machine.serial(), "a unit failed on the way, though it came up later"
    for line in machine.serial().splitlines():
        if line.startswith("STORE ") and ("WARN" in line or "ERROR" in line):
            print(f"the store's log: {line.removeprefix('STORE ').strip()[:300]}")
    return facts


def story(image, folder, options):
    disk = folder / "disk.img"
    subprocess.run(["cp", "--sparse=always", image, disk], check=True)
    subprocess.run(["truncate", "-s", f"{DISK_MIB}M", disk], check=True)
    key = str(uuid.uuid4())
    sale = None

    with Machine(disk, folder / "first.log", options.bus) as machine:
        print(f"first boot: ready after {machine.wait_ready(BOOT_S_MAX):.0f} s")
        first = check_facts(machine, image)
        print(f"read-only root, data partition of {first['data_mib'][0]} MiB, /dev/outpost: {' '.join(first['serial'][1:])}")
        if not options.no_sale:
            status, answer = post(machine, "/api/v1/items/import", CATALOGUE, "text/csv", str(uuid.uuid4()))
            assert status == 200 and answer["accepted"] == 1, f"import: {status} {answer}"
            sale = sell(machine, key)
            print(f"sold without any network: {sale}")
        machine.cut()
    print("power cut")

    with Machine(disk, folder / "second.log", options.bus) as machine:
        print(f"second boot: ready after {machine.wait_ready(BOOT_S_MAX):.0f} s")
        second = check_facts(machine, image)
        assert second["machine_id"] == first["machine_id"], "the machine id changed"
        assert second["data_mib"] == first["data_mib"], "the data partition changed"
        if sale:
            found_again(machine, key, sale)


def stock(machine):
    status, answer = machine.call("GET", "/api/v1/stock?sku=MILK-1L")
    assert status == 200, f"stock: {status} {answer}"
    return answer["quantity"]


def found_again(machine, key, sale):
    """The same command gives the same sale, and the stock moved once."""
    assert stock(machine) == "8", f"10 came, 2 were sold before the power cut; the stock is {stock(machine)}"
    again = sell(machine, key)
    assert again == sale, f"after the power cut: {again} instead of {sale}"
    assert stock(machine) == "8", "the repeated command sold again"
    print("the sale is there, once; the stock is 8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--image", type=Path)
    parser.add_argument("--bus", choices=["virtio", "usb"], default="virtio")
    parser.add_argument("--no-sale", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep disk and serial logs")
    options = parser.parse_args()
    image = options.image or newest_image()
    if image is None:
        skip("there is no target/image/outpost-*.img (make image)")
    qemu = subprocess.run([HERE / "qemu.sh"], stdout=subprocess.PIPE, text=True)
    if qemu.returncode:
        skip(qemu.stdout.strip() or f"qemu.sh ended with {qemu.returncode}")

    folder = Path(tempfile.mkdtemp(prefix="outpost-image-test."))
    try:
        story(image, folder, options)
        print("image test: passed")
    except (AssertionError, KeyError, RuntimeError, TimeoutError, OSError) as error:
        for log in sorted(folder.glob("*.log")):
            print(f"--- last lines of {log.name}")
            print("\n".join(log.read_text(errors="replace").splitlines()[-40:]))
        print(f"image test: FAILED: {error}")
        sys.exit(1)
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
