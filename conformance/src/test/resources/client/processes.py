"""contree-client and processes inside of a running instance."""

import asyncio
import base64
import os
import time

import contree_client as cc
from calls import check, get

IMAGE = os.environ["TEST_IMAGE"]
OPEN = cc.ClosableStreamRepr(value="", close=False)


async def running(client):
    """An operation that is seen to run; nothing after this is retried."""
    spawned = await get(client.spawn_instance("sleep", IMAGE, args=["2147483647"], timeout=2147483647))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        seen = await get(client.get_operation_status(spawned.uuid, inflight=True))
        if seen.status in (cc.OperationStatus.ASSIGNED, cc.OperationStatus.EXECUTING):
            return spawned.uuid
    raise AssertionError("it does not run within 30 s")


async def ended(client, operation, spid):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        result = await get(client.operation_subprocess(operation, spid))
        if result.state.exit_code != -1 or result.state.signal != -1:
            return result
        await asyncio.sleep(0.02)
    raise AssertionError(f"process {spid} does not end")


async def fails(status, call):
    try:
        await get(call())
    except cc.APIStatusError as error:
        check("status", status, error.status)
    else:
        raise AssertionError(f"no error where {status} was expected")


async def subprocess_stdin(client):
    operation = await running(client)
    cat = await get(client.operation_subprocess_create(operation, "cat", stdin=OPEN))
    check("first", 2, cat)
    await get(client.operation_subprocess_stdin(operation, cat, "one ", close=False))
    binary = base64.b64encode(b"\0two\xff").decode()
    await get(client.operation_subprocess_stdin(operation, cat, binary, encoding="base64", close=False))
    await get(client.operation_subprocess_stdin(operation, cat, ""))
    out = (await ended(client, operation, cat)).stdout
    check("cat", ("base64", b"one \0two\xff"), (out.encoding, base64.b64decode(out.value)))
    count = await get(client.operation_subprocess_create(operation, "wc", args=["-c"], stdin=OPEN))
    for last in (False, False, True):
        await get(client.operation_subprocess_stdin(operation, count, "x" * (1 << 20), close=last))
    check("1 MiB at a time", str(3 << 20), cc.decode_stream((await ended(client, operation, count)).stdout).strip())
    closed = await get(client.operation_subprocess_create(operation, "sleep", args=["1000"]))
    await fails(409, lambda: client.operation_subprocess_stdin(operation, closed, "x"))
    await get(client.operation_subprocess_kill(operation, 1))
    done = await get(client.wait_operation(operation, timeout=60))
    check("killed", 9, done.metadata.result.state.signal)


async def subprocess_kill(client):
    operation = await running(client)
    for signal, number in ((None, 9), ("TERM", 15), ("SIGINT", 2), ("10", 10)):
        spid = await get(client.operation_subprocess_create(operation, "sleep", args=["1000"]))
        state = (await get(client.operation_subprocess(operation, spid))).state
        check("while it runs", (-1, -1), (state.exit_code, state.signal))
        await get(client.operation_subprocess_kill(operation, spid, signal=signal))
        state = (await ended(client, operation, spid)).state
        check(f"signal {signal}", (-1, number), (state.exit_code, state.signal))
    await fails(404, lambda: client.operation_subprocess_kill(operation, spid))
    await fails(400, lambda: client.operation_subprocess_kill(operation, 1, signal="NONSENSE"))
    await get(client.operation_subprocess_kill(operation, 1, signal="TERM"))
    done = await get(client.wait_operation(operation, timeout=60))
    check("status", cc.OperationStatus.SUCCESS, done.status)
    check("unchanged", IMAGE, done.result_image_uuid)


async def subprocess_state(client):
    """A session that lives in subprocesses, and what is left after its end."""
    operation = await running(client)
    command = "echo kept > /kept; printf 'a\\0\\377'; echo err >&2; exit 3"
    spid = await get(client.operation_subprocess_create(operation, command, shell=True, env={"K": "v"}, cwd="/tmp"))
    result = await ended(client, operation, spid)
    check("exit code", (3, -1), (result.state.exit_code, result.state.signal))
    check("stderr", "err\n", cc.decode_stream(result.stderr))
    await get(client.operation_subprocess_kill(operation, 1, signal="TERM"))
    done = await get(client.wait_operation(operation, timeout=60))
    check("file", b"kept\n", await get(client.inspect_image_download(done.result_image_uuid, "/kept")))
    check("result is kept", result, await get(client.operation_subprocess(operation, spid)))
    own = await get(client.iter_operation_events(operation, spid=spid))
    kinds = [str(getattr(event.type, "value", event.type)) for event in own]
    check("kinds", {"spawn", "stdout", "stderr", "exit", "completion"}, set(kinds))
    check("bytes", b"a\0\xff", cc.decode_chunk(own[kinds.index("stdout")].data))
    await fails(409, lambda: client.operation_subprocess_create(operation, "true"))
    await fails(409, lambda: client.operation_subprocess_kill(operation, 1))
    await fails(410, lambda: client.operation_subprocess_stdin(operation, 1, ""))
    await fails(404, lambda: client.operation_subprocess(operation, 77))


async def grep(client):
    found = await get(client.inspect_image_grep(IMAGE, ["^root:", "nogroup"], path="/etc", after=1))
    matches = [match for match in found.matches if str(getattr(match.type, "value", match.type)) == "match"]
    check("paths", ["/etc/group", "/etc/group", "/etc/passwd"], sorted(match.path for match in matches))
    check("text", True, "root" in matches[0].line_text)
    nothing = await get(client.inspect_image_grep(IMAGE, "no such text", path=["/etc"], glob=["*.conf"], case="smart"))
    check("nothing", ([], False), (nothing.matches, nothing.truncated))
    await fails(400, lambda: client.inspect_image_grep(IMAGE, "("))


EXAMPLES = (subprocess_stdin, subprocess_kill, subprocess_state, grep)
