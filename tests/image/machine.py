"""One appliance in QEMU: started from its disk, watched over its serial line, and cut off like a power failure."""

import base64
import http.client
import json
import os
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PORT_IN_GUEST = 18080
FIRMWARE = [("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"), ("OVMF_CODE.fd", "OVMF_VARS.fd")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def firmware():
    for code, variables in FIRMWARE:
        folder = Path("/usr/share/OVMF")
        if (folder / code).exists():
            return folder / code, folder / variables
    raise FileNotFoundError("no OVMF firmware under /usr/share/OVMF")


def guest_units():
    """Test-only units, as systemd credentials in SMBIOS strings: nothing of them is in the image."""
    wanted = []
    for unit in sorted((HERE / "guest").iterdir()):
        yield f"systemd.extra-unit.{unit.name}", unit.read_bytes()
        if unit.suffix == ".socket" or unit.stem.endswith("probe"):
            wanted.append(unit.name)
    yield "systemd.unit-dropin.multi-user.target", f"[Unit]\nWants={' '.join(wanted)}\n".encode()


class Machine:
    """A running appliance. `cut` is the only way out: nobody shuts a shop's computer down."""

    def __init__(self, disk, log, bus="virtio"):
        self.port = free_port()
        self.log = Path(log)
        self.started = time.monotonic()
        variables = Path(disk).with_suffix(".vars")
        code, template = firmware()
        if not variables.exists():
            variables.write_bytes(template.read_bytes())
        drive = "virtio-blk-pci,drive=disk" if bus == "virtio" else "usb-storage,bus=usb.0,drive=disk"
        command = [
            # Never the accelerator that QEMU would pick: a /dev/kvm that exists may still hang at the first instruction.
            "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "qemu64", "-smp", "2", "-m", "512",
            "-machine", "q35", "-display", "none", "-no-reboot", "-monitor", "none",
            "-serial", f"file:{log}",
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={code}",
            "-drive", f"if=pflash,format=raw,unit=1,file={variables}",
            "-drive", f"if=none,id=disk,format=raw,discard=unmap,file={disk}",
            "-device", "qemu-xhci,id=usb", "-device", drive,
            # restrict: the appliance has no internet at all, and must sell.
            "-netdev", f"user,id=lan,restrict=on,hostfwd=tcp:127.0.0.1:{self.port}-:{PORT_IN_GUEST}",
            "-device", "virtio-net-pci,netdev=lan",
            # An FTDI adapter with a serial number, as many scanners have inside.
            "-chardev", "null,id=scanner",
            "-device", "usb-serial,bus=usb.0,chardev=scanner,serial=TILL-7,always-plugged=on",
            "-smbios", "type=11,value=io.systemd.stub.kernel-cmdline-extra="
                       "console=ttyS0 systemd.show_status=1 systemd.log_color=0 mitigations=off",
        ]
        for name, content in guest_units():
            text = base64.b64encode(content).decode()
            command += ["-smbios", f"type=11,value=io.systemd.credential.binary:{name}={text}"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=lambda: os.nice(10))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()

    def cut(self):
        """The plug is pulled: the guest's memory is gone, what reached the disk stays."""
        self.process.kill()
        self.process.wait()

    def call(self, method, path, body=None, headers=None, timeout_s=20):
        """One HTTP request; returns (status, parsed JSON or text)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def wait_ready(self, timeout_s):
        """Seconds from power-on until /health/ready says 200."""
        said = "nothing"
        while time.monotonic() - self.started < timeout_s:
            if self.process.poll() is not None:
                raise RuntimeError(f"QEMU ended with {self.process.returncode} (a reboot counts as an end)")
            try:
                status, said = self.call("GET", "/health/ready", timeout_s=5)
                if status == 200:
                    return time.monotonic() - self.started
            except (OSError, http.client.HTTPException) as error:
                said = error
            time.sleep(1)
        raise TimeoutError(f"/health/ready was not 200 within {timeout_s} s; last answer: {said}")

    def serial(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def facts(self, timeout_s):
        """What the probe unit said on the console, as {name: words}."""
        until = time.monotonic() + timeout_s
        while True:
            lines = [line.strip() for line in self.serial().splitlines() if line.startswith("FACT ")]
            facts = {words[1]: words[2:] for words in (line.split() for line in lines)}
            if "restarts" in facts:
                return facts
            if time.monotonic() > until:
                raise TimeoutError(f"the probe did not finish; it said {facts}")
            time.sleep(1)
