"""Asking a server as fast as it answers: wrk with a list of addresses, so that nobody answers from a cache."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('JSON {"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p95":%d,"errors":%d}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(95),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


LEFT_OVER = 8


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one run."""

    per_second: float
    p50_ms: float
    p95_ms: float
    bytes_each: int
    errors: int


def load(addresses: list[str], seconds: int, connections: int, scratch: Path) -> Speed:
    """Ask for each address in turn for some seconds."""
    script, paths = scratch / "ask.lua", scratch / "paths.txt"
    script.write_text(SCRIPT)
    parts = [urlsplit(address) for address in addresses]
    paths.write_text("".join(f"{one.path}?{one.query}\n" for one in parts))
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script)]
    done = subprocess.run(
        [*words, f"http://{parts[0].netloc}"], check=True, capture_output=True, text=True, env={"PATHS": str(paths)}
    )
    _let_finish(addresses[0])
    told = json.loads(done.stdout.split("JSON ", 1)[1])
    return Speed(
        per_second=told["requests"] / (told["microseconds"] / 1e6),
        p50_ms=told["p50"] / 1000,
        p95_ms=told["p95"] / 1000,
        bytes_each=told["bytes"] // max(1, told["requests"]),
        errors=told["errors"],
    )


def _let_finish(address: str) -> None:
    """Wait until the server has done what it was still asked when wrk went away: a new question comes last."""
    with ThreadPoolExecutor(LEFT_OVER) as asking:
        for answer in [asking.submit(_read, address) for _ in range(LEFT_OVER)]:
            answer.result()


def _read(address: str) -> None:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine
        answer.read()
