"""What both SDK suites share: the environment that the test gives, and a runner that prints one line per example."""

import asyncio
import inspect
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path

SDK = version("contree-sdk")
OLD = SDK.startswith("0.1.")

URL = os.environ["TEST_URL"]
TOKEN = os.environ["TEST_TOKEN"]
REGISTRY_IMAGE = os.environ["TEST_REGISTRY_IMAGE"]  # host:port/name:tag on loopback
LOCAL = Path(os.environ["TEST_LOCAL_DIR"])  # stands for /local of the README

(LOCAL / "files" / "downloaded").mkdir(parents=True, exist_ok=True)
(LOCAL / "logs").mkdir(exist_ok=True)
(LOCAL / "files" / "app.sh").write_text(
    '#!/bin/sh\necho "args=$*"\necho "stdin=$(cat)"\necho "proxy=$http_proxy"\ncat /data.csv\necho oops >&2\n'
    "mkdir -p /files/path /root\necho one > /files/path/one\necho two > /files/path/two\necho home > /root/note.txt\n"
)
(LOCAL / "files" / "data_ver1.csv").write_text("a,b\n1,2\n")
(LOCAL / "files" / "app").write_text(
    "#!/bin/sh\necho result > result.txt\nmkdir -p /tmp\necho '{\"ok\": true}' > /tmp/log.jsonl\n"
)


async def maybe(value):
    """Awaits what a newer SDK made awaitable."""
    return await value if inspect.iscoroutine(value) else value


def check(what, expected, actual):
    if expected != actual:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def main(examples):
    """Runs each example; prints `ok NAME` or `not ok NAME: WHY` and ends with 1 if one failed."""
    failed = False
    for example in examples:
        try:
            outcome = example()
            if inspect.isawaitable(outcome):
                asyncio.run(outcome)
            print(f"ok {example.__name__}", flush=True)
        except BaseException as error:  # the line must tell, whatever it was
            failed = True
            traceback.print_exc(file=sys.stderr)
            print(f"not ok {example.__name__}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
    sys.exit(1 if failed else 0)
