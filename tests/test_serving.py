"""The server as it runs: another process, real sockets, signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search.web.serving import open_socket
from tests.bench import load
from tests.demo import COMMAND, dateline, samples
from tests.serving import TOKEN

Server = subprocess.Popen[str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("serving") / "demo")


@contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[tuple[int, Server]]:
    """The port of a server over a project's folder, and its process."""
    arguments = (*COMMAND, "-C", str(folder), "serve", "--port", "0", *options)
    with subprocess.Popen(
        arguments, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as server:
        assert server.stderr
        line = server.stderr.readline()
        try:
            yield int(line.strip().rstrip("/").rpartition(":")[2]), server
        finally:
            server.kill()


def rest(server: Server) -> str:
    """What a server says until its end."""
    assert server.stderr
    said = server.stderr.read()
    server.wait(timeout=30)
    return said


def get(port: int, path: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    found = json.loads(response.read())
    connection.close()
    return response.status, found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_when_told_to(demo: Path, number: signal.Signals) -> None:
    with served(demo) as (port, server):
        status, found = get(port, "/v1/search?q=ferry&limit=1")
        assert (200, 4) == (status, found["total"])
        server.send_signal(number)
        said = rest(server)
        assert (0, "read-only; Ctrl-C ends it\n") == (server.returncode, said)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system that cannot fork")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_several_processes_end_together(demo: Path, number: signal.Signals) -> None:
    with served(demo, "--processes", "3") as (port, server):
        assert {200} == {get(port, "/v1/search?q=ferry")[0] for _ in range(12)}
        server.send_signal(number)
        # Its end is read when no process has it open.
        assert "read-only; Ctrl-C ends it\n" == rest(server)
        with pytest.raises(ConnectionRefusedError):
            get(port, "/healthz")


def test_clients_that_go_away_do_no_harm(demo: Path) -> None:
    with served(demo, DATELINE_TOKEN=TOKEN) as (port, server):
        for begun in (
            b"GET /v1/search?q=ferry HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /v1/sea",
            b"POST /v1/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/html\r\n"
            + f"Authorization: Bearer {TOKEN}\r\n".encode()
            + b"Content-Length: 1000\r\n\r\n<p>half",
            b"\x16\x03\x01 no request at all\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port)) as gone:
                gone.sendall(begun)
        assert (200, 33) == (get(port, "/healthz")[0], get(port, "/healthz")[1]["articles"])
        server.terminate()
        said = rest(server)
        assert 0 == server.returncode
        assert "Traceback" not in said


def test_many_ask_while_articles_are_taken_in(tmp_path: Path) -> None:
    folder = samples(tmp_path / "demo")
    script = (sys.executable, "-m", "tests.bench.load", str(folder), "--seconds", "1")
    options = ("--clients", "4", "--update", "20")
    root = Path(load.__file__).resolve().parents[2]
    done = subprocess.run((*script, *options), capture_output=True, text=True, cwd=root, check=True)
    assert ", 0 errors," in done.stdout
    assert "the update ended with 0\nthe server ended with 0\n" in done.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_answers_are_sent_without_delay(host: str) -> None:
    with open_socket(host, 0) as listening:
        # By this asyncio knows whose answers need no waiting for more.
        assert socket.IPPROTO_TCP == listening.proto


def test_a_port_that_is_taken(demo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = dateline("-C", demo, "serve", "--port", str(taken.getsockname()[1]))
    assert 2 == result.exit_code
    assert "choose another --host or --port" in result.stderr


@pytest.mark.parametrize("content", ["", "short", "x" * 15, "ü" * 20])
def test_weak_tokens_are_refused(demo: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "token"
    file.write_text(content + "\n", "utf-8")
    result = dateline("-C", demo, "serve", "--token-file", file)
    assert 2 == result.exit_code
    assert "a token has at least 16 letters or digits" in result.stderr


def test_nothing_is_served_of_no_project(tmp_path: Path) -> None:
    assert 3 == dateline("-C", tmp_path, "serve").exit_code


def test_other_commands_do_not_load_what_servers_need(demo: Path) -> None:
    script = (
        "import sys\nfrom search.cli.main import cli\n"
        f"cli.main(['-C', {str(demo)!r}, 'search', 'ferry'], standalone_mode=False)\n"
        "loaded = {'fastapi', 'pydantic', 'starlette', 'uvicorn', 'asyncio', 'xml.etree'}\n"
        "print(sorted(loaded & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.splitlines()[-1]
