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
    await tool(session, "set_tag", image_uuid=IMAGE, tag="mcp:tagged")
    images = await tool(session, "list_images", tag_prefix="mcp:")
    check("listed", True, "mcp:tagged" in json.dumps(images))


async def wait_operations(session):
    started = [await tool(session, "run", command=f"sleep 0.{n}", image=IMAGE, wait=False) for n in (1, 2)]
    ids = [item["operation_id"] for item in started]
    done = await tool(session, "wait_operations", operation_ids=ids)
    check("both ended", 2, json.dumps(done).count("SUCCESS"))


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
            run,
            run_keeps_state,
            upload,
            rsync,
            list_files,
            download,
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
