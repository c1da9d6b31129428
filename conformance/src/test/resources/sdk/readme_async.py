"""Every example of the SDK's README in its async form, unmodified but for endpoint, token, paths and `disposable=False`."""

import asyncio
import stat
import uuid
from pathlib import Path

from contree_sdk import Contree
from contree_sdk.sdk.objects.image_fs import ImageFile
from contree_sdk.utils.models.file import UploadFileSpec

from examples import LOCAL, OLD, REGISTRY_IMAGE, TOKEN, URL, check, main, maybe


def client():
    return Contree(base_url=URL, token=TOKEN)


async def quick_start():
    contree = client()
    image = await maybe(contree.images.use("ubuntu:latest"))
    result = await image.run(shell='echo "Hello from Contree!"')
    check("stdout", "Hello from Contree!\n", result.stdout)


async def list_images():
    contree = client()
    images = await contree.images()
    check("a tag is listed", True, "ubuntu:latest" in [image.tag for image in images])
    check("iteration lists the same", {i.uuid for i in images}, {i.uuid async for i in contree.images})
    result = await images[0].run(shell="echo some command")
    check("exit code", 0, result.exit_code)


async def run_with_files_args_stdin_env():
    contree = client()
    ubuntu_image = await maybe(contree.images.use("ubuntu:latest"))
    app = dict(path="/app.sh") if OLD else {}  # 0.1 needs the destination
    result0 = await ubuntu_image.run(
        command="/app.sh",
        args=("arg1", "arg2"),
        stdin="input",
        env=dict(http_proxy="http://10.20.30.40:1234"),
        files=[
            UploadFileSpec(source=str(LOCAL / "files/app.sh"), mode=stat.S_IXUSR, **app),
            UploadFileSpec(source=str(LOCAL / "files/data_ver1.csv"), path=Path("/data.csv")),
        ],
        disposable=False,
    )
    check("stdout", "args=arg1 arg2\nstdin=input\nproxy=http://10.20.30.40:1234\na,b\n1,2\n", result0.stdout)
    check("stderr", "oops\n", result0.stderr)
    result1 = await result0.run(shell="echo output.csv | grep something", disposable=False)
    check("no change, same state", result0.uuid, result1.uuid)
    items = await result1.ls("files/path")
    check("listing", ["one", "two"], sorted(item.name for item in items))
    for item in await result1.ls("~"):
        if item.is_file:
            assert isinstance(item, ImageFile)
            await item.download(LOCAL / "files/downloaded" / item.name)
    check("downloaded", "home\n", (LOCAL / "files/downloaded/note.txt").read_text())


async def session():
    contree = client()
    if OLD:
        busybox_image = await contree.images.pull(f"docker://{REGISTRY_IMAGE}", new_tag="pulled:latest")
    else:
        busybox_image = await contree.images.oci(f"docker://{REGISTRY_IMAGE}")
    session = busybox_image.session()
    await session.run(
        command="/bin/app",
        files=[UploadFileSpec(source=str(LOCAL / "files/app"), path="bin/app", mode=stat.S_IXUSR)],
        cwd="/",
        disposable=False,
    )
    res = await session.run(command="/bin/cat", args=("result.txt",), cwd="/", disposable=False)
    check("stdout", "result\n", res.stdout)
    await session.download("/tmp/log.jsonl", LOCAL / "logs/session_1.log")
    content = await session.read("/tmp/log.jsonl")
    check("read", '{"ok": true}\n', content.decode())


async def session_follows_versions():
    session = (await maybe(client().images.use("busybox:latest"))).session()
    await session.run(shell="mkdir /app && touch /app/file1.txt", disposable=False)
    first = session.uuid
    await session.run(shell="echo 'hello' > /app/file1.txt", disposable=False)
    check("moved on", True, first != session.uuid)


async def preconfigured_run():
    image = await maybe(client().images.use("busybox:latest"))
    preconfigured_run = image.run(shell="mkdir -p /tmp; echo $RANDOM > /tmp/random.txt", disposable=False)
    result1 = await preconfigured_run
    result2 = await preconfigured_run
    result3 = await preconfigured_run
    check("three runs, three states", 3, len({result1.uuid, result2.uuid, result3.uuid}))


async def branches_in_parallel():
    image = await maybe(client().images.use("busybox:latest"))
    results = await asyncio.gather(
        *(image.run(shell=f"echo {n} > /branch", disposable=False) for n in range(8))
    )
    check("eight states", 8, len({result.uuid for result in results}))
    for n, result in enumerate(results):
        check("own file", f"{n}\n".encode(), await result.read("/branch"))


async def upload():
    file = await client().files.upload(str(LOCAL / "files/data_ver1.csv"))
    check("a uuid", str(uuid.UUID(file.uuid)), file.uuid)


main([
    quick_start,
    list_images,
    run_with_files_args_stdin_env,
    session,
    session_follows_versions,
    preconfigured_run,
    branches_in_parallel,
    upload,
])
