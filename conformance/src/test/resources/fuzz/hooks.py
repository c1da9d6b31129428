"""Feeds what exists on the server into generated requests, so that they get past 404, and keeps runs and imports short.

Choices follow from the request itself, never from chance, so that a failing request can be made again.
"""

import json
import os
import re
import time
import urllib.request
import zlib

import schemathesis

KNOWN = json.loads(os.environ["FUZZ_KNOWN"])
LOG = os.environ["FUZZ_LOG"]
SERVER = os.environ["FUZZ_SERVER"]
TOKEN = os.environ["FUZZ_TOKEN"]
# What a reference to a registry could be; those would leave this machine.
REFERENCE = re.compile(r"^(docker://)?[\w.:\[\]-]+(/[\w.-]+)*(:[\w.-]+)?(@[\w:]+)?$", re.ASCII)
PATHS = ["/", "/etc", "/etc/group", "etc/../etc/passwd", "/bin", "/bin/sh", "/none", "/etc/group/x"]
PATTERNS = ["l+", "^hello$", "(?i)HELLO", "[[:alpha:]]", "(", "\\p{Greek}", "."]
SOURCES = ["rootfs:" + KNOWN["root"][0], "rootfs:/none", "oci:" + KNOWN["root"][0], "docker-archive:/none:x", "127.0.0.1:1/a:b"]

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
NO_IMAGE = "00000000-0000-8000-8000-000000000000"
# Operations that this run started: a request for one of them is meant.
started = set()


def seed(case):
    text = repr((case.method, case.path, case.path_parameters, case.query, case.body))
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def one_of(choices, number):
    return choices[number % len(choices)]


def send(method, path, value):
    request = urllib.request.Request(
        SERVER + path,
        json.dumps(value).encode(),
        {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def at_work():
    """A run that is at work until its timeout and takes input: what cancel and subprocesses are for."""
    run = {"image": KNOWN["images"][0], "command": "cat", "stdin": {"value": "", "close": False}}
    return send("POST", "/instances", run)["uuid"]


def tagged():
    """A tag that exists: requests before may have moved or removed it."""
    send("PATCH", "/images/" + KNOWN["images"][0] + "/tag", {"tag": "box:1"})
    return "box:1"


def doomed(number):
    """An image that nobody else needs: what removing is for."""
    run = {"image": KNOWN["images"][0], "command": "echo %d > /doomed" % number, "shell": True}
    path = "/operations/" + send("POST", "/instances", run)["uuid"]
    while True:
        operation = send("GET", path, None)
        if operation["status"] in ("SUCCESS", "FAILED", "CANCELLED"):
            return operation["result_image_uuid"] or NO_IMAGE
        time.sleep(0.05)


def needs_work(case):
    path = case.operation.path
    return path == "/operations/{id}" and case.method == "DELETE" or "/subprocesses" in path and case.method != "GET"


def body(value, number):
    image, source = value.get("image"), value.get("registry")
    if isinstance(image, str) and number % 4:
        value["image"] = one_of(KNOWN["images"] + ["tag:box:1"], number)
    if isinstance(source, dict) and isinstance(source.get("url"), str):
        if number % 2 or REFERENCE.match(source["url"].strip()):
            source["url"] = one_of(SOURCES, number)
    if isinstance(value.get("command"), str) and number % 3 == 0:
        value["command"] = one_of(["true", "echo", "/bin/sh", "none"], number)
    if isinstance(value.get("files"), dict):
        for spec in value["files"].values():
            if isinstance(spec, dict) and "uuid" in spec and number % 4:
                spec["uuid"] = one_of(KNOWN["fileUuids"], number)
    if isinstance(value.get("tag"), str) and number % 2:
        value["tag"] = one_of(["box:2", "a/b.c:d"], number)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = seed(case)
    path = case.path_parameters
    removes = case.operation.path == "/images/{uuid}" and case.method == "DELETE"
    if isinstance(path, dict) and removes and path.get("uuid") in KNOWN["images"]:
        path["uuid"] = NO_IMAGE  # what answers have shown comes back as a parameter
    if isinstance(path, dict) and number % 8:
        if "uuid" in path:
            path["uuid"] = doomed(number) if removes else one_of(KNOWN["images"], number)
        if "other" in path:
            path["other"] = one_of(KNOWN["images"], number // 2)
        if needs_work(case) and number % 2:
            path["id"] = at_work()
            if "spid" in path:
                path["spid"] = 1
        elif "id" in path and path["id"] not in started:
            path["id"] = one_of(KNOWN["operations"], number)
            if "spid" in path and number % 3:
                path["spid"] = 1
        if "sha256" in path:
            path["sha256"] = one_of(KNOWN["sha256"], number)
    query = case.query
    if isinstance(query, dict):
        if "from" in query and number % 8:
            query["from"] = one_of(KNOWN["images"], number // 8)
        if isinstance(query.get("path"), str) and number % 4:
            query["path"] = one_of(PATHS, number)
        if isinstance(query.get("path"), list) and number % 4:
            query["path"] = [one_of(PATHS, number)]
        if isinstance(query.get("pattern"), list) and number % 3:
            query["pattern"] = [one_of(PATTERNS, number)]
        if isinstance(query.get("tag"), str) and number % 3 == 0:
            query["tag"] = tagged()
    if isinstance(case.body, dict):
        body(case.body, number)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 201 and case.operation.path in ("/instances", "/images/import"):
        started.add(UUID.search(response.text).group())
    with open(LOG, "a", encoding="utf-8") as log:
        print(case.method, case.operation.path, response.status_code, file=log)
