"""Start a command and tell its seconds by the clock and its peak memory, as JSON on standard output.

It is a process of its own because a child's peak begins with that of the process that forks it: started from the
benchmark itself, with its arrays and libraries, a small command would look large.
"""

import json
import resource
import subprocess
import sys
import time

begun = time.perf_counter()
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)  # noqa: S603 (the benchmark's own words)
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
peak *= 1 if sys.platform == "darwin" else 1024  # kilobytes, but for macOS
print(json.dumps({"code": ran.returncode, "seconds": seconds, "peak_bytes": peak}))
