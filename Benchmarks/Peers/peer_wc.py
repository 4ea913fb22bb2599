"""`wc -l` by the contract of the benchmark's programs: `peer_wc.py read path=FILE`."""

import json
import os
import subprocess
import time

from figures import Settings, stop


def main():
    settings = Settings()
    path = settings.text("path", "")
    if settings.measure != "read" or not path:
        stop("usage: read path=FILE")
    start = time.monotonic_ns()
    process = subprocess.Popen(["wc", "-l", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic_ns() - start
    if status:
        stop("wc failed")
    print(json.dumps({"bytes": os.path.getsize(path), "cpu_us": (usage.ru_utime + usage.ru_stime) * 1e6, "wall_us": wall / 1e3}))


main()
