"""contree-cli as its users call it: a subprocess each time, with a CONTREE_HOME of its own."""

import os
import subprocess
import sys
import tarfile
import traceback
from pathlib import Path

HOME = Path(os.environ["TEST_HOME"])
CONTREE = Path(sys.executable).parent / "contree"
ENV = dict(os.environ, CONTREE_HOME=str(HOME / "cli"), HOME=str(HOME), CONTREE_SESSION="suite")
ENV.pop("TEST_TOKEN")
IMAGE = os.environ["TEST_IMAGE"]
REGISTRY_IMAGE = os.environ["TEST_REGISTRY_IMAGE"]


def contree(*arguments, stdin=b"", code=0, session="suite"):
    """Runs the command and returns what it printed."""
    done = subprocess.run(
        [CONTREE, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=dict(ENV, CONTREE_SESSION=session),
        timeout=120,
        check=False,
    )
    if done.returncode != code:
        raise AssertionError(f"contree {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout.decode()


def check(what, expected, actual):
    if expected != actual:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def contains(what, expected, actual):
    if expected not in actual:
        raise AssertionError(f"{what}: expected {expected!r} in {actual!r}")


def auth():
    contree("auth", "--token", os.environ["TEST_TOKEN"], "-u", os.environ["TEST_URL"], "--type", "jwt")
    contains("profile", "default", contree("auth", "ls"))


def use():
    contree("use", "tag:box:1")
    contains("unknown", "", contree("use", "tag:no-such:1", code=1, session="other"))


def run():
    contains("stdout", "hello", contree("run", "--", "echo", "hello"))
    contree("run", "--", "sh", "-c", "exit 7", code=7)
    contains("shell", "3", contree("run", "-s", "--", "echo $((1+2))"))
    contains("env and cwd", "/tmp v", contree("run", "-s", "-C", "/tmp", "-e", "K=v", "--", "echo $PWD $K"))


def run_with_piped_stdin():
    contains("stdout", "piped", contree("run", "--", "cat", stdin=b"piped"))


def run_disposable():
    contree("run", "-D", "-s", "--", "echo x > /gone")
    contree("cat", "/gone", code=1)


def run_with_files():
    data = HOME / "data.txt"
    data.write_text("attached\n")
    contains("stdout", "attached", contree("run", "-F", f"{data}:/in/data.txt:m0600", "--", "cat", "/in/data.txt"))
    contains("kept", "attached", contree("cat", "/in/data.txt"))


def run_interpreter():
    script = b"#!/bin/sh\necho script $1\n"
    path = HOME / "script.sh"
    path.write_bytes(script)
    contains("stdout", "script", contree("run", "-I", "--", str(path), "one"))


def run_detached_and_wait():
    contree("run", "-d", "-s", "--", "sleep 0.3; echo later > /later")
    contree("session", "wait")


def look():
    contree("run", "-s", "--", "mkdir -p /look; printf 'needle\\nhay\\n' > /look/file")
    contains("ls", "file", contree("ls", "/look"))
    contains("cat", "needle", contree("cat", "/look/file"))
    contree("cp", "/look/file", HOME / "copied")
    check("cp", "needle\nhay\n", (HOME / "copied").read_text())
    contree("ls", "/no/such", code=1)


def export():
    contree("export", "-F", HOME / "look.tar.gz", "/look")
    contains("names", "file", " ".join(tarfile.open(HOME / "look.tar.gz").getnames()))


def images():
    contains("listed", "box:1", contree("images"))
    contree("tag", "cli:kept")
    contains("tagged", "cli:kept", contree("images", "--prefix", "cli:"))
    contree("tag", "-U", IMAGE, "no-such:tag", code=1)
    contains("imported", "SUCCESS", contree("images", "import", f"docker://{REGISTRY_IMAGE}"))


def operations():
    contree("use", "tag:box:1", session="ops")
    contree("run", "-d", "--", "sleep", "60", session="ops")
    contains("ps", "EXECUTING", contree("ps", "-a"))
    running = contree("ps", "-q").split()
    contree("show", running[0])
    contree("kill", running[0])
    contree("operation", "wait", running[0], code=1)
    contains("cancelled", "CANCELLED", contree("ps", "-a"))


def sessions():
    contree("use", "tag:box:1", session="tree")
    contree("run", "-s", "--", "echo 1 > /step", session="tree")
    contree("session", "branch", "left", session="tree")
    contree("session", "checkout", "left", session="tree")
    contree("run", "-s", "--", "echo 2 > /step", session="tree")
    contains("left", "2", contree("cat", "/step", session="tree"))
    contree("session", "checkout", "main", session="tree")
    contains("main", "1", contree("cat", "/step", session="tree"))
    contree("session", "checkout", "left", session="tree")
    contree("session", "rollback", "--", "-1", session="tree")
    contains("rolled back", "1", contree("cat", "/step", session="tree"))
    contree("session", "show", session="tree")


def build():
    context = HOME / "context"
    context.mkdir()
    (context / "app.sh").write_text("#!/bin/sh\necho built $GREETING by $(id -u)\n")
    (context / "Dockerfile").write_text(
        "FROM box:1\n"
        "ARG WHO=nobody\n"
        "ENV GREETING=hello\n"
        "WORKDIR /srv\n"
        "COPY app.sh /srv/app.sh\n"
        "RUN chmod 755 app.sh && echo $WHO > who && ./app.sh > said\n"
        'RUN ["/bin/sh", "-c", "echo exec > /srv/exec"]\n'
    )
    contree("build", context, "--tag", "built:1", "--build-arg", "WHO=me", session="builder")
    contree("use", "tag:built:1", session="built")
    contains("arg", "me", contree("cat", "/srv/who", session="built"))
    contains("exec form", "exec", contree("cat", "/srv/exec", session="built"))
    contains("env", "built hello by 0", contree("cat", "/srv/said", session="built"))
    contree("build", context, "--tag", "built:2", "--build-arg", "WHO=me", session="builder")


failed = False
for example in (
    auth,
    use,
    run,
    run_disposable,
    run_with_files,
    run_interpreter,
    run_detached_and_wait,
    look,
    export,
    images,
    operations,
    sessions,
    build,
):
    try:
        example()
        print(f"ok {example.__name__}", flush=True)
    except BaseException as error:  # the line must tell, whatever it was
        failed = True
        traceback.print_exc(file=sys.stderr)
        print(f"not ok {example.__name__}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
sys.exit(1 if failed else 0)
