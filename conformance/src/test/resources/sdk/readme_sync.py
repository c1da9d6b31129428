"""Every example of the SDK's README in its sync form, unmodified but for endpoint, token, paths and `disposable=False`."""

import stat
import subprocess
import uuid
from pathlib import Path

from contree_sdk import ContreeSync
from contree_sdk.config import ContreeConfig
from contree_sdk.sdk.objects.image_fs import ImageFileSync
from contree_sdk.utils.models.file import UploadFileSpec

from examples import LOCAL, OLD, REGISTRY_IMAGE, TOKEN, URL, check, main


def client():
    return ContreeSync(base_url=URL, token=TOKEN)


def registry_image(contree):
    if OLD:
        return contree.images.pull(f"docker://{REGISTRY_IMAGE}", new_tag="pulled:latest")
    return contree.images.oci(f"docker://{REGISTRY_IMAGE}")


def quick_start():
    contree = client()
    image = contree.images.use("ubuntu:latest")
    result = image.run(shell='echo "Hello from Contree!"').wait()
    check("stdout", "Hello from Contree!\n", result.stdout)


def list_images():
    contree = client()
    images = contree.images()
    check("a tag is listed", True, "ubuntu:latest" in [image.tag for image in images])
    check("iteration lists the same", {i.uuid for i in images}, {i.uuid for i in contree.images})
    result = images[0].run(shell="echo some command").wait()
    check("exit code", 0, result.exit_code)
    tagged = contree.images(tagged=True)
    check("all are tagged", True, all(image.tag for image in tagged))


def run_with_files_args_stdin_env():
    contree = client()
    ubuntu_image = contree.images.use("ubuntu:latest")
    app = dict(path="/app.sh") if OLD else {}  # 0.1 needs the destination
    result0 = ubuntu_image.run(
        command="/app.sh",
        args=("arg1", "arg2"),
        stdin="input",
        env=dict(http_proxy="http://10.20.30.40:1234"),
        files=[
            UploadFileSpec(source=str(LOCAL / "files/app.sh"), mode=stat.S_IXUSR, **app),
            UploadFileSpec(source=str(LOCAL / "files/data_ver1.csv"), path="/data.csv"),
        ],
        disposable=False,
    ).wait()
    check("stdout", "args=arg1 arg2\nstdin=input\nproxy=http://10.20.30.40:1234\na,b\n1,2\n", result0.stdout)
    check("stderr", "oops\n", result0.stderr)
    result1 = result0.run(shell="echo output.csv | grep something", disposable=False).wait()
    check("grep found nothing", 1, result1.exit_code)
    check("no change, same state", result0.uuid, result1.uuid)
    items = result1.ls("files/path")
    check("listing", ["one", "two"], sorted(item.name for item in items))
    seen = []
    for item in result1.ls("~"):
        if item.is_file:
            assert isinstance(item, ImageFileSync)
            item.download(LOCAL / "files/downloaded" / item.name)
            seen.append(item.name)
    check("home", ["note.txt"], seen)
    check("downloaded", "home\n", (LOCAL / "files/downloaded/note.txt").read_text())
    app_sh = next(item for item in result1.ls("/") if item.name == "app.sh")
    check("mode", stat.S_IFREG | stat.S_IXUSR, app_sh.mode)


def stdin_text_with_umlauts():
    result = client().images.use("ubuntu:latest").run(command="cat", stdin="Grüße, 你好\n").wait()
    out = result.stdout
    check("stdout", "Grüße, 你好\n", out.decode() if isinstance(out, bytes) else out)


def stdin_bytes():
    data = bytes(range(256)) * 300
    image = client().images.use("ubuntu:latest").run(shell="cat > /blob", stdin=data, disposable=False).wait()
    check("read back", data, image.read("/blob"))


def session():
    contree = client()
    busybox_image = registry_image(contree)
    session = busybox_image.session()
    session.run(
        command="/bin/app",
        files=[UploadFileSpec(source=str(LOCAL / "files/app"), path="/bin/app", mode=stat.S_IXUSR)],
        cwd="/",
        disposable=False,
    ).wait()
    res = session.run(command="cat", args=("result.txt",), cwd="/", disposable=False).wait()
    check("stdout", "result\n", res.stdout)
    session.download("/tmp/log.jsonl", LOCAL / "logs/session_1.log")
    content = session.read("/tmp/log.jsonl")
    check("read", '{"ok": true}\n', content.decode())
    check("downloaded", content, (LOCAL / "logs/session_1.log").read_bytes())


def relative_destination():
    image = client().images.use("ubuntu:latest").run(
        command="/bin/app",
        files=[UploadFileSpec(source=str(LOCAL / "files/app"), path="bin/app", mode=stat.S_IXUSR)],
        disposable=False,
    ).wait()
    check("exit code", 0, image.exit_code)
    check("it is at /bin/app", (LOCAL / "files/app").read_bytes(), image.read("/bin/app"))


def session_follows_versions():
    session = client().images.use("busybox:latest").session()
    session.run(shell="mkdir /app && touch /app/file1.txt", disposable=False).wait()
    first = session.uuid
    session.run(shell="echo 'hello' > /app/file1.txt", disposable=False).wait()
    check("moved on", True, first != session.uuid)
    check("content", b"hello\n", session.read("/app/file1.txt"))


def popen_command():
    session = client().images.use("busybox:latest").session()
    proc = session.popen(["cat"], text=True)
    stdout, stderr = proc.communicate("a\nb\nc\n")
    check("stdout", "a\nb\nc\n", stdout)
    check("stderr", "", stderr)


def popen_shell():
    session = client().images.use("busybox:latest").session()
    proc = session.popen(
        "echo hello && ls -la",
        shell=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    proc.wait()
    check("returncode", 0, proc.returncode)
    out = proc.stdout if isinstance(proc.stdout, str) else proc.stdout.read()
    out = out.decode() if isinstance(out, bytes) else out
    check("starts with", "hello\n", out[:6])


def popen_exit_code():
    proc = client().images.use("busybox:latest").session().popen("exit 7", shell=True, text=True)
    proc.wait()
    check("returncode", 7, proc.returncode)


def one_uuid_one_state():
    image = client().images.use("busybox:latest")
    result0 = image.run(shell="echo CHANGES > file.txt", cwd="/", disposable=False).wait()
    result1 = result0.run(shell="sleep 1", disposable=False).wait()
    assert result1.uuid == result0.uuid
    result2 = result0.run(shell="rm file.txt", cwd="/", disposable=False).wait()
    origin = image.run(shell="true", disposable=False, cwd="/").wait()
    check("undone, the old state", origin.uuid, result2.uuid)


def preconfigured_run():
    image = client().images.use("busybox:latest")
    preconfigured_run = image.run(shell="mkdir -p /tmp; echo $RANDOM$RANDOM > /tmp/random.txt", disposable=False)
    uuids = {preconfigured_run.wait().uuid for _ in range(3)}
    check("three runs, three states", 3, len(uuids))


def configuration_object():
    if hasattr(ContreeConfig(), "token"):
        config = ContreeConfig(token=TOKEN, base_url=URL, transport_timeout=10.0)
    else:
        from contree_sdk.auth import JWTAuth

        config = ContreeConfig(auth=JWTAuth(token=TOKEN, base_url=URL), transport_timeout=10.0)
    result = ContreeSync(config).images.use("ubuntu:latest").run(shell="echo configured").wait()
    check("stdout", "configured\n", result.stdout)


def upload():
    contree = client()
    file = contree.files.upload(str(LOCAL / "files/data_ver1.csv"))
    check("a uuid", str(uuid.UUID(file.uuid)), file.uuid)
    check("same bytes, same file", file.uuid, contree.files.upload(Path(LOCAL / "files/data_ver1.csv")).uuid)


def untag():
    contree = client()
    image = contree.images.use("busybox:latest").run(shell="echo named > /named", disposable=False).wait()
    tagged = image.tag_as("named:1")
    check("found", image.uuid, contree.images.use("named:1", strict=True).uuid)
    check("nameless", None, tagged.untag().tag)
    check("none is listed", False, "named:1" in [each.tag for each in contree.images()])


def timeout_and_exit_codes():
    image = client().images.use("busybox:latest")
    check("exit code", 3, image.run(shell="exit 3").wait().exit_code)
    result = image.run(shell="sleep 30", timeout=1).wait()
    check("killed", True, result.exit_code != 0)


def unknown_image_and_program():
    from contree_sdk.sdk.exceptions import FailedOperationError, NotFoundError

    try:
        client().images.use("no-such-image:latest").run(shell="true").wait()
        raise AssertionError("an unknown tag was accepted")
    except NotFoundError:
        pass
    try:
        client().images.use("busybox:latest").run(command="no-such-program").wait()
        raise AssertionError("an unknown program was started")
    except FailedOperationError as error:
        check("reason", True, "spawn failed" in str(error))


main([
    quick_start,
    list_images,
    run_with_files_args_stdin_env,
    stdin_text_with_umlauts,
    stdin_bytes,
    session,
    relative_destination,
    session_follows_versions,
    popen_command,
    popen_shell,
    popen_exit_code,
    one_uuid_one_state,
    preconfigured_run,
    configuration_object,
    upload,
    timeout_and_exit_codes,
    unknown_image_and_program,
    *([] if OLD else [untag]),
])
