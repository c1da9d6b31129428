"""contree-cli as its users call it: a subprocess each time. Every example has a home of its own and they run side by side."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(os.environ["TEST_HOME"])
CONTREE = Path(sys.executable).parent / "contree"
IMAGE = os.environ["TEST_IMAGE"]
REGISTRY_IMAGE = os.environ["TEST_REGISTRY_IMAGE"]
LOCAL = threading.local()
HELPERS = 3


def contree(*arguments, stdin=b"", code=0, session="main", binary=False):
    """Runs the command in the home of the example and returns what it printed; a code of None is any but 0."""
    env = dict(os.environ, CONTREE_HOME=str(home() / "cli"), HOME=str(home()), CONTREE_SESSION=session)
    env.pop("TEST_TOKEN")
    done = subprocess.run(
        [CONTREE, *map(str, arguments)], input=stdin, capture_output=True, env=env, timeout=120, check=False
    )
    if done.returncode != code if code is not None else done.returncode == 0:
        raise AssertionError(f"contree {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout if binary else done.stdout.decode()


def home():
    return LOCAL.home


def enter(name):
    """Makes a home, known to the server, with a session on box:1."""
    LOCAL.home = ROOT / name
    LOCAL.home.mkdir()
    if name != "auth":
        shutil.copytree(ROOT / "auth" / "cli", LOCAL.home / "cli")
        contree("use", "tag:box:1")


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
    many = b"".join(b"%d\n" % i for i in range(200_000))
    contains("all of it", str(len(many)), contree("run", "--", "wc", "-c", stdin=many))
    contree("run", "-s", "--", "read x; exit $x", stdin=b"9\n", code=9)


def run_disposable():
    contree("run", "-D", "-s", "--", "echo x > /gone")
    contree("cat", "/gone", code=1)


def run_with_files():
    data = home() / "data.txt"
    data.write_text("attached\n")
    contains("stdout", "attached", contree("run", "-F", f"{data}:/in/data.txt:m0600", "--", "cat", "/in/data.txt"))
    contains("kept", "attached", contree("cat", "/in/data.txt"))


def run_with_directory_and_owner():
    tree = home() / "attached"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub" / "leaf").write_text("leaf\n")
    contains("tree", "leaf", contree("run", "-F", f"{tree}:/at", "--", "cat", "/at/sub/leaf"))
    (home() / "tool").write_text("#!/bin/sh\nid -u\n")
    attached = f"{home() / 'tool'}:/at/tool:u7:g8:m0750"
    contains("mode and owner", "-rwxr-x---    1 7        8", contree("run", "-F", attached, "--", "ls", "-ln", "/at/tool"))


def run_interpreter():
    path = home() / "script.sh"
    path.write_bytes(b"#!/bin/sh\necho script $1 $2\n")
    contains("stdout", "script one two words", contree("run", "-I", "--", path, "one", "two words"))
    path.write_bytes(b"#!/bin/sh\nexit 5\n")
    contree("run", "-I", "--", path, code=5)


def run_hostname():
    contains("asked for", "my-host", contree("run", "-H", "my-host", "--", "hostname"))
    contains("default", "linuxkit", contree("run", "--", "hostname"))


def run_timeout_and_truncation():
    contree("run", "-D", "-t", "1", "--", "sleep", "30", code=None)
    check("cut", "xxxxx", contree("run", "-D", "-T", "5", "-s", "--", "printf xxxxxxxxxx").strip()[:6])


def run_preserves_env():
    contree("run", "--preserve-env", "-e", "KEPT=kept", "--", "true")
    contains("next run", "kept", contree("run", "-s", "--", "echo $KEPT"))
    contree("env", "OF_SESSION=yes")
    contains("of the session", "yes", contree("run", "-s", "--", "echo $OF_SESSION"))


def run_on_another_image():
    contains("used", "hello", contree("run", "-D", "--use", "tag:box:1", "--", "echo", "hello", session="fresh"))


def look():
    contree("run", "-s", "--", "mkdir -p /look; printf 'needle\\nhay\\n' > /look/file")
    contains("ls", "file", contree("ls", "/look"))
    contains("cat", "needle", contree("cat", "/look/file"))
    contree("cp", "/look/file", home() / "copied")
    check("cp", "needle\nhay\n", (home() / "copied").read_text())
    contree("ls", "/no/such", code=1)
    contree("cat", "/look", code=1)


def cp():
    contree("run", "-s", "--", "head -c 300000 /dev/urandom > /random; sha256sum < /random > /digest")
    contree("cp", "/random", home() / "random")
    expected = contree("cat", "/digest").split()[0]
    check("bytes", expected, subprocess.check_output(["sha256sum", home() / "random"]).split()[0].decode())
    contree("cp", "/no/such", home() / "nothing", code=1)


def cd():
    contree("cd", "/etc")
    contains("of ls", "passwd", contree("ls"))
    contains("of run", "/etc", contree("run", "-D", "--", "pwd"))
    contree("cd", "/no/such", code=1)


def grep():
    contree("run", "-s", "--", "mkdir -p /g/sub; printf 'one\\nTwo\\nthree\\n' > /g/a.txt; cp /g/a.txt /g/sub/b.conf")
    check("plain", "/g/a.txt:2:Two\n/g/sub/b.conf:2:Two\n", contree("grep", "Two", "/g"))
    check("glob", "/g/sub/b.conf:2:Two\n", contree("grep", "--glob", "*.conf", "T.o", "/g"))
    check("case", "/g/a.txt:2:Two\n", contree("grep", "--case", "insensitive", "two", "/g/a.txt"))
    context = contree("grep", "-C", "1", "Two", "/g/a.txt")
    check("context", "/g/a.txt-1-one\n/g/a.txt:2:Two\n/g/a.txt-3-three\n", context)
    paths = contree("grep", "one", "/g/sub", "/g/a.txt")
    check("paths", "/g/sub/b.conf:1:one\n/g/a.txt:1:one\n", paths)
    check("total", 1, len(contree("grep", "--max-total", "1", "o", "/g").splitlines()))
    raw = json.loads(contree("grep", "--raw", "T(w)o", "/g/a.txt"))
    check("raw", {"text": "Two", "start": 0, "end": 3}, raw["matches"][0]["submatches"][0])
    contree("cd", "/g")
    contains("of the working directory", "a.txt", contree("grep", "three"))
    contree("grep", "no such line", "/g", code=1)
    contree("grep", "(", "/g", code=1)


def export():
    contree("run", "-s", "--", "mkdir -p /look; echo needle > /look/file")
    contree("export", "-F", home() / "look.tar.gz", "/look")
    check("gzip", b"\x1f\x8b", (home() / "look.tar.gz").read_bytes()[:2])
    contains("names", "file", " ".join(tarfile.open(home() / "look.tar.gz").getnames()))
    contree("export", "-F", home() / "look.tar", "/look/file")
    check("one file", ["file"], tarfile.open(home() / "look.tar", "r:").getnames())
    whole = tarfile.open(fileobj=io.BytesIO(contree("export", binary=True)), mode="r:gz").getnames()
    check("whole", True, {"look/file", "bin/busybox", "etc/passwd"} <= {name.removeprefix("./") for name in whole})
    contree("export", "/no/such", code=1)


def file_cp():
    (home() / "staged").write_text("staged\n")
    contree("file", "cp", home() / "staged", "/staged")
    digest = hashlib.sha256(b"staged\n").hexdigest()
    contains("listed", digest, contree("file", "ls"))
    contains("in the next run", "staged", contree("run", "--", "cat", "/staged"))
    contains("kept", "staged", contree("cat", "/staged"))


def images():
    contains("listed", "box:1", contree("images"))
    contree("tag", "cli:kept")
    contains("tagged", "cli:kept", contree("images", "--prefix", "cli:"))
    contree("tag", "-U", IMAGE, "no-such:tag", code=1)
    contains("imported", "SUCCESS", contree("images", "import", f"docker://{REGISTRY_IMAGE}"))


def tags():
    contree("tag", "cli:gone")
    contree("tag", IMAGE, "cli:other")
    contree("tag", "-U", IMAGE, "cli:other")
    listed = contree("images", "--prefix", "cli:")
    contains("put", "cli:gone", listed)
    check("taken", False, "cli:other" in listed)
    contains("by uuid", "box:1", contree("images", "-i", IMAGE))
    contains("since", "cli:gone", contree("images", "--since", "1h", "--prefix", "cli:"))
    check("until", False, "cli:gone" in contree("images", "--until", "1h", "--prefix", "cli:"))
    check("json", True, all(json.loads(line)["uuid"] for line in contree("-o", "json", "images", "-a").splitlines()))


def detached(*command):
    """Starts a run and returns its operation's id."""
    return json.loads(contree("-o", "json", "run", "-d", "--", *command))["uuid"]


def ps_show_kill():
    running = detached("sleep", "60")
    contains("ps", running, contree("ps", "-a", "-q"))
    contains("ps -a", "EXECUTING", contree("ps", "-a"))
    contains("by kind", running, contree("ps", "-a", "-k", "instance", "-M", "5"))
    contains("show", "EXECUTING", contree("show", running))
    contree("kill", running)
    contree("operation", "wait", running, code=1)
    contains("cancelled", "CANCELLED", contree("ps", "-a", "--status", "C"))
    raw = json.loads(contree("show", "--raw", running))
    check("raw", ("CANCELLED", "sleep"), (raw["status"], raw["metadata"]["command"]))
    contree("kill", running, code=1)
    contree("show", "00000000-0000-4000-8000-000000000000", code=1)


def kill_all():
    """Alone, as it ends the runs of others too."""
    ids = [detached("sleep", "60") for _ in range(2)]
    contree("operation", "wait", "--all", "-t", "1", code=1)
    contree("kill", "-a")
    contree("operation", "wait", *ids, code=1)
    check("none is left", "", contree("ps", "-q").strip())


def operation_wait_and_events():
    contree("run", "-s", "--", "echo shown; exit 4", code=4)
    contains("of the history", "shown", contree("show", "HEAD"))
    operation = detached("sh", "-c", "echo shown; exit 4")
    contains("waited", "SUCCESS", contree("operation", "wait", operation, code=4))
    events = [json.loads(line) for line in contree("-o", "json", "operation", "events", operation).splitlines()]
    check("events", ["spawn", "stdout", "exit", "completion"], [e["type"] for e in events if e["type"] in EVENTS])
    late = detached("sleep", "60")
    contree("operation", "wait", "-t", "1", late, code=1)
    contree("operation", "cancel", late)


EVENTS = {"spawn", "stdout", "exit", "completion"}


def session_branch_checkout_rollback():
    contree("run", "-s", "--", "echo 1 > /step")
    contree("session", "branch", "left")
    contree("session", "checkout", "left")
    contree("run", "-s", "--", "echo 2 > /step")
    contains("left", "2", contree("cat", "/step"))
    contree("session", "checkout", "main")
    contains("main", "1", contree("cat", "/step"))
    contree("session", "checkout", "left")
    contree("session", "rollback", "--", "-1")
    contains("rolled back", "1", contree("cat", "/step"))
    contree("session", "rollback", "+1")
    contains("and forward", "2", contree("cat", "/step"))
    contree("session", "branch", "right", "--from", "main")
    contains("branches", "right", contree("session", "branch"))
    contree("session", "branch", "-U", "right")
    contree("session", "show")


def session_use_list_delete():
    contree("run", "-s", "--", "echo 2 > /step")
    contains("listed", "main", contree("session", "list"))
    contree("use", "tag:box:1", session="second")
    contree("session", "use", "main", session="second")
    contains("of the other session", "2", contree("cat", "/step", session="second"))
    contree("session", "delete", "-f", "second")
    check("deleted", False, "second" in contree("session", "list"))


def session_wait():
    contree("run", "-d", "-s", "--", "sleep 0.3; echo later > /later")
    contree("session", "wait")
    contains("the branch moved on", "later", contree("cat", "/later"))


def build():
    context = home() / "context"
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
        "RUN chmod 777 /srv\n"
        "USER nobody\n"
        "RUN id -u > /srv/user\n"
    )
    contree("build", context, "--tag", "built:1", "--build-arg", "WHO=me", session="builder")
    contree("use", "tag:built:1", session="built")
    contains("arg", "me", contree("cat", "/srv/who", session="built"))
    contains("user", "65534", contree("cat", "/srv/user", session="built"))
    contains("exec form", "exec", contree("cat", "/srv/exec", session="built"))
    contains("env", "built hello by 0", contree("cat", "/srv/said", session="built"))
    contree("build", context, "--tag", "built:2", "--build-arg", "WHO=me", session="builder")


def attempt(example):
    """Whether it worked; one line tells."""
    try:
        enter(example.__name__)
        example()
        print(f"ok {example.__name__}", flush=True)
        return True
    except BaseException as error:  # the line must tell, whatever it was
        traceback.print_exc(file=sys.stderr)
        print(f"not ok {example.__name__}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
        return False


EXAMPLES = (
    use,
    run,
    run_with_piped_stdin,
    run_disposable,
    run_with_files,
    run_with_directory_and_owner,
    run_interpreter,
    run_hostname,
    run_timeout_and_truncation,
    run_preserves_env,
    run_on_another_image,
    look,
    cp,
    cd,
    grep,
    export,
    file_cp,
    images,
    tags,
    ps_show_kill,
    operation_wait_and_events,
    session_branch_checkout_rollback,
    session_use_list_delete,
    session_wait,
    build,
)
worked = attempt(auth)
with ThreadPoolExecutor(HELPERS) as pool:
    worked &= all(list(pool.map(attempt, EXAMPLES)))
worked &= attempt(kill_all)
sys.exit(0 if worked else 1)
