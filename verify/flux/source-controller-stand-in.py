"""Stands in for Flux's source-controller where its image is out of reach and a module that it needs is not served.

It does the part that kustomize-controller sees: artifacts over HTTP, and the status of each GitRepository. It fetches
nothing, checks no signature and heeds no `ignore`: what is served is what lies in its folder.

Usage: source-controller-stand-in.py FOLDER API PORT

FOLDER/NAME.json: {"revision": "main@sha1:...", "file": "NAME-....tar.gz"}, the file beside it.
API: the address of a `kubectl proxy`.
"""

import hashlib
import json
import pathlib
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

folder, api, port = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
path = "/apis/source.toolkit.fluxcd.io/v1"


def ask(method, where, body=None):
    request = urllib.request.Request(api + where, method=method, data=body and json.dumps(body).encode())
    request.add_header("Content-Type", "application/merge-patch+json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def condition(source, good, reason, message):
    return {
        "type": "Ready",
        "status": "True" if good else "False",
        "reason": reason,
        "message": message,
        "observedGeneration": source["metadata"]["generation"],
        "lastTransitionTime": now(),
    }


def artifact_of(source):
    """The artifact that is served under the source's name, if it is of the branch or tag that the source asks for."""
    entry = folder / (source["metadata"]["name"] + ".json")
    if not entry.exists():
        return None
    wanted = json.loads(entry.read_text())
    reference = source["spec"]["ref"]
    if wanted["revision"].split("@")[0] != (reference.get("tag") or reference.get("branch")):
        return None
    content = (folder / wanted["file"]).read_bytes()
    return {
        "path": wanted["file"],
        "url": f"http://127.0.0.1:{port}/{wanted['file']}",
        "revision": wanted["revision"],
        "digest": "sha256:" + hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }


def reconcile(source):
    status = source.get("status", {})
    generation = source["metadata"]["generation"]
    artifact = artifact_of(source)
    served = status.get("artifact", {}).get("digest") == (artifact or {}).get("digest")
    if served and status.get("observedGeneration") == generation and status.get("conditions"):
        return
    told = (
        condition(source, True, "Succeeded", f"stored artifact for revision '{artifact['revision']}'")
        if artifact
        else condition(source, False, "GitOperationFailed", "the stand-in has no artifact of this branch or tag")
    )
    patch = {"status": {"observedGeneration": generation, "conditions": [told]}}
    if artifact:
        patch["status"]["artifact"] = {**artifact, "lastUpdateTime": now()}
    name, namespace = source["metadata"]["name"], source["metadata"]["namespace"]
    ask("PATCH", f"{path}/namespaces/{namespace}/gitrepositories/{name}/status", patch)
    print(name, told["message"], flush=True)


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=str(folder))


threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever, daemon=True).start()
while True:
    try:
        for item in ask("GET", path + "/gitrepositories")["items"]:
            reconcile(item)
    except (urllib.error.URLError, OSError) as error:  # the kind is not there yet, or somebody else wrote meanwhile
        if getattr(error, "code", None) not in (404, 409):
            print(error, flush=True)
    time.sleep(0.2)
