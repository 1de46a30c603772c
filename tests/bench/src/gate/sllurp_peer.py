"""The peer of the LLRP bench: sllurp's own decoder over reports, one in hexadecimal a line.

Prints the median of nanoseconds a report. Each report must give the EPC that is in it.
"""
import statistics
import sys
import time

from sllurp.llrp import LLRPMessage

reports = [bytes.fromhex(line) for line in open(sys.argv[1], encoding="ascii")]


def decode(report):
    return LLRPMessage(msgbytes=report).msgdict["RO_ACCESS_REPORT"]["TagReportData"]


for report in reports:
    tags = decode(report)
    said = tags[0]["EPC-96"]
    said = said.decode() if isinstance(said, bytes) else said
    assert len(tags) == 1 and said.lower() in report.hex(), tags

rounds = []
for _ in range(40):
    begun = time.perf_counter_ns()
    for report in reports:
        decode(report)
    rounds.append((time.perf_counter_ns() - begun) / len(reports))
print(statistics.median(rounds))
