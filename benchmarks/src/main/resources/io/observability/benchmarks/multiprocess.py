"""Python's multiprocess mode with the meters of Workload.java: "instance <series>" is one
process of an application, "scrape" answers each line with the nanoseconds, bytes and samples
of one scrape. Both end with their standard input."""

import sys
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

NAMES = 10
LABELS = ["region", "item"]
# As many as Micrometer's percentile histogram of a timer has, from 1 ms to 30 s; Python adds +Inf.
BOUNDS = [round(0.001 * 30_000 ** (n / 67), 9) for n in range(68)]


def labels(i):
    return "region-%d" % (i // NAMES % 10), "item-%d-%d" % (i // NAMES // 10, i % NAMES)


def record(series):
    counters = [Counter("shop_counter_%d" % n, "A counter", LABELS) for n in range(NAMES)]
    for i in range(series * 790 // 1000):
        counters[i % NAMES].labels(*labels(i)).inc()
    timers = [Summary("shop_timer_%d_seconds" % n, "A timer", LABELS) for n in range(NAMES)]
    maxima = [Gauge("shop_timer_%d_seconds_max" % n, "A timer", LABELS, multiprocess_mode="max") for n in range(NAMES)]
    for i in range(series * 150 // 1000):
        timers[i % NAMES].labels(*labels(i)).observe(0.001234567 + i / 1e9)
        maxima[i % NAMES].labels(*labels(i)).set(0.001234567 + i / 1e9)
    histogram = Histogram("shop_histogram_seconds", "A histogram", LABELS, buckets=BOUNDS)
    maximum = Gauge("shop_histogram_seconds_max", "A histogram", LABELS, multiprocess_mode="max")
    for i in range(series * 10 // 1000):
        histogram.labels(*labels(i)).observe(0.001234567 * (i % 50 + 1))
        maximum.labels(*labels(i)).set(0.001234567 * (i % 50 + 1))
    pool = Gauge("hikaricp_pool", "A gauge", LABELS, multiprocess_mode="livesum")
    for i in range(series * 49 // 1000):
        pool.labels(*labels(i)).inc()
    gauge = Gauge("shop_gauge", "A gauge", LABELS, multiprocess_mode="liveall")
    for i in range(series // 1000):
        gauge.labels(*labels(i)).inc()


def scrape():
    start = time.perf_counter_ns()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    text = generate_latest(registry)
    nanos = time.perf_counter_ns() - start
    samples = sum(1 for line in text.splitlines() if not line.startswith(b"#"))
    return "%d %d %d" % (nanos, len(text), samples)


if sys.argv[1] == "instance":
    record(int(sys.argv[2]))
print("ready", flush=True)
for line in sys.stdin:
    print(scrape(), flush=True)
