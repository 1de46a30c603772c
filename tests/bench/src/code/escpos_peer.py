"""python-escpos on the same receipt: the median time of one, in nanoseconds."""
import statistics
import sys
import time

from escpos.printer import Dummy


def receipt(lines):
    printer = Dummy(profile="TM-T88V")
    for line in lines:
        printer.text(line + "\n")
    printer.barcode("4006381333931", "EAN13", check=False)
    printer.qr("receipt", native=True)
    printer.cut()
    return printer.output


lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
times = []
for _ in range(60):
    begun = time.perf_counter_ns()
    assert len(receipt(lines)) > 500
    times.append(time.perf_counter_ns() - begun)
print(statistics.median(times))
