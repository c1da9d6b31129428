"""contree-mcp over stdio, spoken to by the client of the mcp package."""

import asyncio
import base64
import json
import os
import sys
import traceback
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

HOME = Path(os.environ["TEST_HOME"])
IMAGE = os.environ["TEST_IMAGE"]
REGISTRY_IMAGE = os.environ["TEST_REGISTRY_IMAGE"]


def check(what, expected, actual):
    if expected != actual:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


async def tool(session, name, **arguments):
    """Calls a tool, which must succeed, and returns its structured result or text."""
    result = await session.call_tool(name, arguments)
    text = "".join(getattr(item, "text", "") for item in result.content)
    if result.isError:
        raise AssertionError(f"{name}: {text}")
    structured = result.structuredContent
    if structured is not None:
        return structured.get("result", structured) if set(structured) == {"result"} else structured
    return json.loads(text) if text[:1] in "{[" else text


async def run(session):
    done = await tool(session, "run", command="echo hello; echo $K", image=IMAGE, env={"K": "v"})
    check("stdout", "hello\nv\n", done["stdout"])
    check("exit code", 0, done["exit_code"])


async def run_with_everything(session):
    stored = await tool(session, "upload", content="from a file\n")
    done = await tool(
        session,
        "run",
        command="cat; cat /in/file; id -u; id -g; pwd; echo $UNSET; printf xxxxxxxxxx",
        image="tag:box:1",
        stdin="grüß\n",
        files={"/in/file": stored["uuid"]},
        uid=5,
        gid=6,
        cwd="/made/here",
        env={"UNSET": None},
        timeout=20,
        truncate_output_at=39,
        max_layer_bytes=1 << 20,
    )
    check("stdout", "grüß\nfrom a file\n5\n6\n/made/here\n\nxxxx", done["stdout"])
    late = await tool(session, "run", command="sleep 30", image=IMAGE, timeout=1)
    check("timed out", True, late["timed_out"])
    program = await tool(session, "run", command="hostname", image=IMAGE, shell=False)
    check("without a shell", "linuxkit\n", program["stdout"])


async def run_preserves_env(session):
    kept = await tool(
        session, "run", command="true", image=IMAGE, env={"KEPT": "yes"}, preserve_env=True, disposable=False
    )
    done = await tool(session, "run", command="echo $KEPT", image=kept["result_image_uuid"])
    check("stdout", "yes\n", done["stdout"])


async def run_keeps_state(session):
    done = await tool(session, "run", command="mkdir -p /w; echo kept > /w/file", image=IMAGE, disposable=False)
    read = await tool(session, "read_file", image=done["result_image_uuid"], path="/w/file")
    check("content", "kept", (read["content"] if isinstance(read, dict) else read).strip())


async def upload(session):
    stored = await tool(session, "upload", content_base64=base64.b64encode(bytes(range(256))).decode())
    done = await tool(session, "run", command="wc -c < /data", image=IMAGE, files={"/data": stored["uuid"]})
    check("size", "256", done["stdout"].strip())


async def rsync(session):
    tree = HOME / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub" / "file.txt").write_text("synced\n")
    state = await tool(session, "rsync", source=str(tree), destination="/app")
    state = state["directory_state_id"] if isinstance(state, dict) else state
    done = await tool(session, "run", command="cat /app/sub/file.txt", image=IMAGE, directory_state_id=int(state))
    check("content", "synced\n", done["stdout"])


async def grep(session):
    done = await tool(session, "run", command="echo Needle > /hay.txt", image=IMAGE, disposable=False)
    found = await tool(
        session, "grep", image=done["result_image_uuid"], pattern="n(e+)dle", path="/", glob="*.txt", case="insensitive"
    )
    check("found", [("/hay.txt", 1, "Needle\n")], [(m["path"], m["line_number"], m["line_text"]) for m in found["matches"]])
    nothing = await tool(session, "grep", image="tag:box:1", pattern="no such line", max_count=1, max_total=1)
    check("nothing", ([], False), (nothing["matches"], nothing["truncated"]))


async def get_image(session):
    for reference in (IMAGE, "tag:box:1"):
        found = await tool(session, "get_image", image=reference)
        check("uuid", IMAGE, found["uuid"])


async def list_images(session):
    page = await tool(session, "list_images", limit=1, offset=0, tagged=True, since="1h")
    check("one", 1, len(page["images"]))
    check("none of old", [], (await tool(session, "list_images", until="1h"))["images"])


async def list_and_get_operations(session):
    done = await tool(session, "run", command="echo out; echo err >&2; exit 3", image=IMAGE)
    listed = await tool(session, "list_operations", limit=5, status="SUCCESS", since="1h")
    check("listed", True, done["uuid"] in [operation["uuid"] for operation in listed["operations"]])
    got = await tool(session, "get_operation", operation_id=done["uuid"])
    check("got", (3, "out\n", "err\n"), (got["exit_code"], got["stdout"], got["stderr"]))
    instance = await resource(session, f"contree://operations/instance/{done['uuid']}")
    check("resource", True, "SUCCESS" in instance)


async def whoami(session):
    me = await tool(session, "whoami")
    check("permissions", True, me["permissions"]["spawn"] and me["limits"]["instance_max_timeout"] > 0)


async def resource(session, uri):
    return "".join(getattr(item, "text", "") for item in (await session.read_resource(uri)).contents)


async def resources(session):
    check("ls", True, "passwd" in await resource(session, f"contree://image/{IMAGE}/ls/etc"))
    check("read", True, "root:" in await resource(session, f"contree://image/{IMAGE}/read/etc/passwd"))
    check("lineage", True, IMAGE in await resource(session, f"contree://image/{IMAGE}/lineage"))
    check("guide", True, len(await resource(session, "contree://guide/quickstart")) > 100)
    check("get_guide", True, len(json.dumps(await tool(session, "get_guide", section="async"))) > 100)


async def errors_say_what_is_wrong(session):
    for name, arguments, expected in (
        ("read_file", {"image": IMAGE, "path": "/no/such"}, "/no/such"),
        ("get_image", {"image": "tag:no-such:1"}, "no-such:1"),
        ("grep", {"image": IMAGE, "pattern": "("}, "pattern"),
    ):
        result = await session.call_tool(name, arguments)
        text = "".join(getattr(item, "text", "") for item in result.content)
        check(name, (True, True), (result.isError, expected in text))


async def list_files(session):
    listing = await tool(session, "list_files", image=IMAGE, path="/etc")
    check("listed", True, "passwd" in json.dumps(listing))


async def download(session):
    target = HOME / "passwd"
    await tool(session, "download", image=IMAGE, path="/etc/passwd", destination=str(target))
    check("bytes", b"root:", target.read_bytes()[:5])


async def import_image(session):
    done = await tool(
        session,
        "import_image",
        registry_url=f"docker://{REGISTRY_IMAGE}",
        tag="mcp:1",
        i_accept_that_anonymous_access_might_be_rate_limited=True,
    )
    check("the same tree, the same image", True, IMAGE in json.dumps(done))


async def set_tag(session):
    done = await tool(session, "run", command="echo tagged > /tagged", image=IMAGE, disposable=False)
    await tool(session, "set_tag", image_uuid=done["result_image_uuid"], tag="mcp:tagged")
    images = await tool(session, "list_images", tag_prefix="mcp:")
    check("listed", True, "mcp:tagged" in json.dumps(images))
    untagged = await tool(session, "set_tag", image_uuid=images["images"][0]["uuid"])
    check("without a tag", None, untagged["tag"])


async def wait_operations(session):
    started = [await tool(session, "run", command=f"sleep 0.{n}", image=IMAGE, wait=False) for n in (1, 2)]
    ids = [item["operation_id"] for item in started]
    done = await tool(session, "wait_operations", operation_ids=ids)
    check("both ended", 2, json.dumps(done).count("SUCCESS"))
    started = [await tool(session, "run", command=f"sleep {n}", image=IMAGE, wait=False) for n in (0.1, 60)]
    first = await tool(session, "wait_operations", operation_ids=[item["operation_id"] for item in started], mode="any")
    check("the other was cancelled", [started[1]["operation_id"]], first["cancelled"])


async def cancel(session):
    started = await tool(session, "run", command="sleep 60", image=IMAGE, wait=False)
    await tool(session, "cancel_operation", operation_id=started["operation_id"])
    done = await tool(session, "wait_operations", operation_ids=[started["operation_id"]])
    check("cancelled", True, "CANCELLED" in json.dumps(done))


async def main():
    server = StdioServerParameters(
        command=str(Path(sys.executable).parent / "contree-mcp"),
        args=["--url", os.environ["TEST_URL"], "--token", os.environ["TEST_TOKEN"], "--project", "any"],
        env={"HOME": str(HOME), "CONTREE_HOME": str(HOME / "mcp"), "PATH": os.environ["PATH"]},
    )
    failed = False
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        for example in (
            whoami,
            run,
            run_with_everything,
            run_preserves_env,
            run_keeps_state,
            upload,
            rsync,
            list_files,
            grep,
            download,
            resources,
            get_image,
            list_images,
            list_and_get_operations,
            errors_say_what_is_wrong,
            import_image,
            set_tag,
            wait_operations,
            cancel,
        ):
            try:
                await asyncio.wait_for(example(session), 60)
                print(f"ok {example.__name__}", flush=True)
            except Exception as error:  # the line must tell, whatever it was
                failed = True
                traceback.print_exc()
                print(f"not ok {example.__name__}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
    sys.exit(1 if failed else 0)


asyncio.run(main())
