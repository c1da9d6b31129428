"""contree-client through one of its transports: `transports.py MODULE CLASS`. The same calls, sync or async."""

import asyncio
import hashlib
import importlib
import io
import os
import sys
import tarfile
import uuid

import contree_client as cc
import processes
from calls import check, get

MODULE, CLASS = sys.argv[1:3]
IMAGE = os.environ["TEST_IMAGE"]  # the UUID of box:1
REGISTRY_IMAGE = os.environ["TEST_REGISTRY_IMAGE"]


async def run(client, command, **more):
    spawned = await get(client.spawn_instance(command, IMAGE, shell=True, **more))
    return await get(client.wait_operation(spawned.uuid, timeout=60))


async def whoami(client):
    me = await get(client.whoami())
    check("token", me.token_uuid, str(uuid.UUID(me.token_uuid)))
    check("list", True, me.permissions["list"])


async def images(client):
    listed = await get(client.list_images(tagged=True))
    check("listed", True, "box:1" in [image.tag for image in listed.images])
    check("iterated", True, IMAGE in [image.uuid for image in await get(client.iter_images(page_size=1))])
    check("prefix", ["box:1"], [image.tag for image in (await get(client.list_images(tag="box:1"))).images])
    check("resolved", IMAGE, await get(client.resolve_image("tag:box:1")))
    check("inspected", IMAGE, (await get(client.inspect_image(IMAGE))).uuid)


async def tags(client):
    name = f"t-{MODULE}-{CLASS.lower()}:v1"
    tagged = await get(client.update_image_tag(IMAGE, name))
    check("tag", (IMAGE, name), (tagged.uuid, tagged.tag))
    check("found", IMAGE, await get(client.inspect_find_image_by_tag(name)))
    await get(client.delete_image_tag(IMAGE, tag=name))
    try:
        await get(client.inspect_find_image_by_tag(name))
        raise AssertionError("the tag is still there")
    except cc.NotFoundError as error:
        check("status", 404, error.status)


async def inspect_paths(client):
    listing = await get(client.inspect_image_list(IMAGE, "/etc"))
    check("listing", True, "passwd" in [item.path for item in listing.files])
    passwd = await get(client.inspect_image_download(IMAGE, "/etc/passwd"))
    check("bytes", b"root:", passwd[:5])
    check("stream", passwd, b"".join(await get(client.inspect_image_download_stream(IMAGE, "/etc/passwd"))))
    check("is there", True, await get(client.check_image_file(IMAGE, "/etc/passwd")))
    check("is not there", False, await get(client.check_image_file(IMAGE, "/etc/nothing")))
    tar = b"".join(await get(client.inspect_image_archive(IMAGE, "/etc")))
    names = tarfile.open(fileobj=io.BytesIO(tar)).getnames()
    check("archive", True, "passwd" in [name.removeprefix("./") for name in names])
    check("archive is there", True, await get(client.check_image_archive(IMAGE, "/etc")))
    for path, error in (("/nothing", cc.NotFoundError), ("/etc", cc.UnprocessableEntityError)):
        try:
            await get(client.inspect_image_download(IMAGE, path))
            raise AssertionError(f"{path} was downloaded")
        except error:
            pass


async def files(client):
    data = os.urandom(300_000)
    digest = hashlib.sha256(data).hexdigest()
    check("not there", False, await get(client.check_file_exists(digest)))
    stored = await get(client.upload_file(data))
    check("stored", (digest, len(data)), (stored.sha256, stored.size))
    streamed = await get(client.upload_file(io.BytesIO(data)))
    check("same bytes, same file", stored.uuid, streamed.uuid)
    check("ensured", stored.uuid, (await get(client.ensure_file(data))).uuid)
    check("found", stored.uuid, (await get(client.get_file(digest))).uuid)
    check("listed", True, stored.uuid in [f.uuid for f in (await get(client.list_files(limit=5))).files])
    done = await run(client, "sha256sum < /in/data", files={"/in/data": cc.FileSpec(uuid=stored.uuid, mode="0600")})
    check("digest inside", digest, cc.decode_stream(done.metadata.result.stdout).split()[0])


async def runs(client):
    done = await run(client, "echo out; echo err >&2; cat; exit 3", stdin=cc.ClosableStreamRepr(value="in\n"))
    check("status", cc.OperationStatus.SUCCESS, done.status)
    check("exit code", 3, done.metadata.result.state.exit_code)
    check("stdout", "out\nin\n", cc.decode_stream(done.metadata.result.stdout))
    check("stderr", "err\n", cc.decode_stream(done.metadata.result.stderr))
    check("unchanged", IMAGE, done.result_image_uuid)
    gone = await run(client, "echo x > /x", disposable=True)
    check("disposable", None, gone.result_image_uuid)
    timed = await run(client, "sleep 30", timeout=1)
    check("timed out", True, timed.metadata.result.state.timed_out)


async def events(client):
    spawned = await get(client.spawn_instance("printf 'a\\0\\377'; sleep 0.2; echo b", IMAGE, shell=True))
    followed = await get(client.follow_operation_events(spawned.uuid, timeout=60))
    kinds = [str(getattr(event.type, "value", event.type)) for event in followed]
    check("last", "completion", kinds[-1])
    output = b"".join(cc.decode_chunk(e.data) for e, kind in zip(followed, kinds) if kind == "stdout")
    check("bytes", b"a\0\xffb\n", output)
    ids = [event.id for event in followed]
    check("ids", sorted(set(ids)), ids)
    replayed = await get(client.iter_operation_events(spawned.uuid))
    check("replayed", ids, [event.id for event in replayed])
    rest = await get(client.iter_operation_events(spawned.uuid, last_event_id=ids[1]))
    check("resumed", ids[2:], [event.id for event in rest])


async def operations(client):
    spawned = await get(client.spawn_instance("sleep 60", IMAGE, shell=True))
    active = await get(client.list_operations(kind="instance", limit=10))
    check("listed", True, spawned.uuid in [operation.uuid for operation in active])
    await get(client.cancel_operation(spawned.uuid))
    done = await get(client.wait_operation(spawned.uuid, timeout=30))
    check("cancelled", cc.OperationStatus.CANCELLED, done.status)
    try:
        await get(client.cancel_operation(spawned.uuid))
        raise AssertionError("cancelled twice")
    except cc.ConflictError:
        pass
    failed = await get(client.spawn_instance("no-such-program", IMAGE))
    done = await get(client.wait_operation(failed.uuid, timeout=30))
    check("failed", cc.OperationStatus.FAILED, done.status)
    check("why", True, done.error.startswith("spawn failed"))


async def imports(client):
    registry = cc.ImageImportRegistry(url=f"docker://{REGISTRY_IMAGE}")
    operation = await get(client.import_image(registry, tag=f"i-{MODULE}:1"))
    done = await get(client.wait_operation(operation, timeout=60))
    check("status", cc.OperationStatus.SUCCESS, done.status)
    check("the same tree, the same image", IMAGE, done.result_image_uuid)


async def bad_token(_client):
    stranger = make("nonsense")
    try:
        await get(stranger.whoami())
        raise AssertionError("a wrong token was taken")
    except cc.AuthenticationError as error:
        check("status", 401, error.status)
    finally:
        await get(stranger.close())


def make(token):
    client = getattr(importlib.import_module(f"contree_client.{MODULE}"), CLASS)
    return client(token, base_url=os.environ["TEST_URL"])


async def main():
    failed = False
    client = make(os.environ["TEST_TOKEN"])
    examples = (whoami, images, tags, inspect_paths, files, runs, events, operations, imports, bad_token)
    for example in examples + processes.EXAMPLES:
        try:
            await example(client)
            print(f"ok {example.__name__}", flush=True)
        except BaseException as error:  # the line must tell, whatever it was
            failed = True
            import traceback

            traceback.print_exc()
            print(f"not ok {example.__name__}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
    await get(client.close())
    sys.exit(1 if failed else 0)


asyncio.run(main())
