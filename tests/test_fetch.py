"""Fetching: what is connected to, how often, how long, and what it says when it fails."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from corpus.fetch_settings import FetchSettings, Validators
from corpus.sources.item import MAX_RECORD_BYTES
from corpus.sources.web.addresses import is_public
from corpus.sources.web.fetcher import Fetcher, FetchResponse
from corpus.sources.web.host_queues import run_jobs_by_host
from corpus.sources.web.hosts import FetchError, HostClosedError, RefusedError
from tests.website import HTML, Reply, Site, website

LOCAL = FetchSettings(allow_local=True, pace=1.0)


@dataclass
class Clock:
    """Time that passes only when it is waited for."""

    now: float = 1_000.0
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as site:
        yield site


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(clock: Clock) -> Fetcher:
    return Fetcher(LOCAL, clock=clock, wait=clock.wait)


def got(fetcher: Fetcher, url: str) -> FetchResponse:
    fetched = fetcher.fetch(url)
    assert fetched is not None
    return fetched


# -- which addresses are connected to


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b:1::5db8:d70e", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_only_public_addresses_are_connected_to(address: str, public: bool) -> None:
    assert public == is_public(address)


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::ffff:127.0.0.1"]]
)
def test_a_name_that_leads_into_the_local_network_is_refused(
    site: Site, found: Sequence[str]
) -> None:
    site.put("/", "secret")
    fetcher = Fetcher(FetchSettings(pace=0.0), resolver=lambda host, port: found)
    with pytest.raises(RefusedError, match=r"harbor\.example is in the local network; to allow"):
        fetcher.fetch(f"http://harbor.example:{site.port}/")
    assert [] == site.asked


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(site: Site) -> None:
    asked: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    site.put("/", "found")
    fetcher = Fetcher(replace(LOCAL, pace=0.0), resolver=resolver)
    assert b"found" == got(fetcher, f"http://harbor.example:{site.port}/").content
    # Once for robots.txt and once for the page, and nothing else looked the name up.
    assert [("harbor.example", site.port)] * 2 == asked
    assert f"harbor.example:{site.port}" == site.headers[-1]["Host"]


def test_the_next_address_is_tried_if_the_first_does_not_answer(site: Site) -> None:
    site.put("/", "found")
    fetcher = Fetcher(replace(LOCAL, pace=0.0), resolver=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert b"found" == got(fetcher, f"http://harbor.example:{site.port}/").content


def test_a_redirect_into_the_local_network_is_refused(site: Site) -> None:
    names = {"harbor.example": ["127.0.0.1"], "router.example": ["192.168.1.1"]}
    fetcher = Fetcher(replace(LOCAL, pace=0.0), resolver=lambda host, port: names[host])

    def reply(headers: Mapping[str, str]) -> Reply:
        # This site is a local one itself; from here on, none is allowed any more.
        fetcher.settings = FetchSettings(pace=0.0)
        return Reply(status=302, headers={"Location": "http://router.example:8080/"})

    site.replies["/"] = reply
    with pytest.raises(RefusedError, match=r"router\.example is in the local network"):
        fetcher.fetch(f"http://harbor.example:{site.port}/")
    assert ["/"] == site.take_asked()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://harbor.example/", "begin with http:// or https://"),
        ("file:///etc/passwd", "begin with http:// or https://"),
        ("http:///feed", "begin with http:// or https://"),
        ("http://ana:secret@harbor.example/", "a name or password in it"),
        ("http://harbor.example:25/", "port 25 is not one of web servers"),
        ("http://harbor.example:99999/", "not a web address"),
        ("http://[::1/", "not a web address"),
        ("http://harbor.example/\r\nX: y", "not a web address"),
        ("http://harbor.example/" + "a" * 3_000, "not a web address"),
        ("http://harbor..example/", "is not known"),
    ],
)
def test_addresses_that_are_not_fetched(url: str, says: str) -> None:
    fetcher = Fetcher(FetchSettings(pace=0.0), resolver=unknown)
    with pytest.raises(FetchError, match=says):
        fetcher.fetch(url)


def unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


# -- what comes


def test_an_answer_and_who_asked(site: Site, clock: Clock) -> None:
    fetcher = Fetcher(replace(LOCAL, contact="desk@harbor.example"), clock=clock, wait=clock.wait)
    site.put("/a", "hi", "Text/HTML; charset=ISO-8859-1", ETag='"1"', Last_Modified="yesterday")
    fetched = FetchResponse(
        site.url("/a"), b"hi", "text/html", "ISO-8859-1", Validators('"1"', "yesterday")
    )
    assert fetched == fetcher.fetch(site.url("/a#part"))
    expected = "dateline (full-text search for news; desk@harbor.example)"
    assert expected == site.headers[-1]["User-Agent"]


def test_what_is_as_it_was_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    def reply(headers: Mapping[str, str]) -> Reply:
        known = headers.get("If-None-Match"), headers.get("If-Modified-Since")
        return Reply(status=304 if known == ('"1"', "yesterday") else 200, body=b"")

    site.replies["/"] = reply
    assert fetcher.fetch(site.url("/"), Validators('"1"', "yesterday")) is None
    assert fetcher.fetch(site.url("/"), Validators('"2"', "yesterday")) is not None


def test_redirects_are_followed_and_cookies_given_back(site: Site, fetcher: Fetcher) -> None:
    def reply(headers: Mapping[str, str]) -> Reply:
        if headers.get("Cookie") == "seen=1":
            return Reply(b"in", headers={"Content-Type": HTML})
        return Reply(status=302, headers={"Location": "/b", "Set-Cookie": "seen=1"})

    site.replies["/a"] = reply
    site.replies["/b"] = reply
    assert (site.url("/b"), b"in") == (
        got(fetcher, site.url("/a")).url,
        got(fetcher, site.url("/a")).content,
    )


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(b"plain", mtime=0)), ("", b"plain"), ("br", b"<p>x")],
)
def test_packed_answers(site: Site, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    site.put("/", body, HTML, Content_Encoding=encoding)
    assert got(fetcher, site.url("/")).content in {b"plain", b"<p>x"}


LOOP = Reply(status=301, headers={"Location": "/"})


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (Reply(status=404), RefusedError, "no such page (404)"),
        (Reply(status=410), RefusedError, "the page is gone (410)"),
        (Reply(status=401), RefusedError, "does not let us have it (401)"),
        (Reply(status=403), RefusedError, "does not let us have it (403)"),
        (Reply(status=451), RefusedError, "does not let us have it (451)"),
        (Reply(status=400), RefusedError, "does not take the address (400)"),
        (Reply(status=500), FetchError, "the server answered 500"),
        (Reply(status=204), FetchError, "the server answered 204"),
        (Reply(status=503), HostClosedError, "the server answered 503, and asks for rest"),
        (LOOP, RefusedError, "it redirects in a circle"),
        (Reply(status=302, headers={"Location": "ftp://a/"}), RefusedError, "http:// or https://"),
        (Reply(status=302, headers={"Location": "http://[/"}), RefusedError, "not a web address"),
        (Reply(b"much", cut=2), FetchError, "damaged or cut off"),
        (Reply(b"x" * (MAX_RECORD_BYTES + 1)), RefusedError, "longer than 50,000,000 bytes"),
        (
            Reply(gzip.compress(bytes(MAX_RECORD_BYTES + 1)), headers={"Content-Encoding": "gzip"}),
            RefusedError,
            "longer than 50,000,000 bytes",
        ),
        (
            Reply(b"plain", headers={"Content-Encoding": "gzip"}),
            RefusedError,
            "not encoded as it says",
        ),
    ],
)
def test_failures_say_why(
    site: Site, fetcher: Fetcher, reply: Reply, kind: type[FetchError], says: str
) -> None:
    site.replies["/"] = reply
    with pytest.raises(kind) as caught:
        fetcher.fetch(site.url("/"))
    assert kind is type(caught.value)
    assert says in str(caught.value)


def test_more_than_five_redirects_are_too_many(site: Site, fetcher: Fetcher) -> None:
    for number in range(7):
        site.replies[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})
    site.put("/7", "far")
    with pytest.raises(RefusedError, match="more than 5 times"):
        fetcher.fetch(site.url("/1"))
    assert b"far" == got(fetcher, site.url("/2")).content


def test_a_port_that_is_closed(fetcher: Fetcher) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with pytest.raises(FetchError, match="nothing answers at its port"):
            fetcher.fetch(f"http://127.0.0.1:{port}/")


def test_a_server_that_does_not_speak_tls(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="no secure connection can be made"):
        fetcher.fetch(site.url("/").replace("http:", "https:"))


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, fetcher: Fetcher) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {key}"
    made = f"{command} -out {certificate} -days 2 -subj /CN=localhost -batch"
    subprocess.run([openssl, *made.split()], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with website(context) as site:
        with pytest.raises(FetchError, match=r"its certificate is not valid: self.signed"):
            fetcher.fetch(site.url("/").replace("http:", "https:"))
        assert [] == site.asked


def test_an_answer_that_trickles_ends_in_time(site: Site) -> None:
    clock = Clock()

    def reply(headers: Mapping[str, str]) -> Reply:
        clock.now += 61
        return Reply(b"late" * 1_000_000)

    site.replies["/"] = reply
    fetcher = Fetcher(LOCAL, clock=clock, wait=clock.wait)
    with pytest.raises(FetchError, match="did not answer in time"):
        fetcher.fetch(site.url("/"))


# -- manners


def test_a_host_is_asked_once_a_second(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    for path in "abc":
        site.put(f"/{path}", path)
        fetcher.fetch(site.url(f"/{path}"))
    assert ["/robots.txt", "/a", "/b", "/c"] == site.asked
    assert [1.0, 1.0, 1.0] == clock.waited


@pytest.mark.parametrize(("asked", "waited"), [("5", 5.0), ("0.1", 1.0), ("900", 30.0)])
def test_crawl_delay_is_kept_up_to_a_limit(
    site: Site, fetcher: Fetcher, clock: Clock, asked: str, waited: float
) -> None:
    site.put("/robots.txt", f"User-agent: *\nCrawl-delay: {asked}\n", "text/plain")
    site.put("/a", "a")
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/a"))
    assert waited == clock.waited[-1]


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("User-agent: dateline\nDisallow: /", "/a", False),
        ("User-agent: Dateline\nDisallow: /", "/a", False),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: dateline\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("<html>not found</html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_robots_txt_is_kept_to(
    site: Site, fetcher: Fetcher, robots: str, path: str, allowed: bool
) -> None:
    site.put("/robots.txt", robots, "text/plain")
    site.put(path, "a")
    if allowed:
        assert b"a" == got(fetcher, site.url(path)).content
    else:
        with pytest.raises(RefusedError, match=r"robots\.txt forbids it"):
            fetcher.fetch(site.url(path))
        assert [] == site.take_asked()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_a_robots_txt_all_is_allowed(site: Site, fetcher: Fetcher, status: int) -> None:
    site.replies["/robots.txt"] = Reply(status=status)
    site.put("/a", "a")
    assert b"a" == got(fetcher, site.url("/a")).content


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_cannot_be_had_forbids_all_for_now(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    site.replies["/robots.txt"] = Reply(status=status)
    site.put("/a", "a")
    for _ in range(2):
        with pytest.raises(HostClosedError):
            fetcher.fetch(site.url("/a"))
    assert ["/robots.txt"] == site.asked


def test_a_redirect_is_checked_against_robots_txt_too(site: Site, fetcher: Fetcher) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
    site.replies["/a"] = Reply(status=302, headers={"Location": "/private/a"})
    with pytest.raises(RefusedError):
        fetcher.fetch(site.url("/a"))
    assert ["/a"] == site.take_asked()


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_once_more_when_it_says(
    site: Site, fetcher: Fetcher, clock: Clock, status: int
) -> None:
    replies = [Reply(status=status, headers={"Retry-After": "7"}), Reply(b"a")]
    site.replies["/a"] = lambda headers: replies.pop(0)
    assert b"a" == got(fetcher, site.url("/a")).content
    assert 7.0 in clock.waited


@pytest.mark.parametrize(
    ("after", "asked"), [("7", 2), ("3600", 1), ("Fri, 31 Dec 2027 23:59:59 GMT", 1), ("", 1)]
)
def test_a_server_that_stays_busy_is_left_alone(
    site: Site, fetcher: Fetcher, after: str, asked: int
) -> None:
    site.replies["/a"] = Reply(status=429, headers={"Retry-After": after})
    for _ in range(3):
        with pytest.raises(HostClosedError, match="the server answered 429"):
            fetcher.fetch(site.url("/a"))
    assert ["/a"] * asked == site.take_asked()


def test_a_silent_host_is_left_alone_after_three_times(clock: Clock) -> None:
    looked_up: list[str] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return unknown(host, port)

    fetcher = Fetcher(LOCAL, resolver=resolver, clock=clock, wait=clock.wait)
    for _ in range(9):
        with pytest.raises(FetchError, match=r"the host harbor\.example is not known"):
            fetcher.fetch("http://harbor.example/")
    assert 3 >= len(looked_up)


def test_a_stopped_fetcher_asks_nothing(site: Site) -> None:
    fetcher = Fetcher(LOCAL)
    fetcher.stop()
    with pytest.raises(FetchError, match="stopped"):
        fetcher.fetch(site.url("/"))
    assert [] == site.asked


def test_hosts_are_waited_for_at_once_and_each_in_order() -> None:
    both = Barrier(2, timeout=20)

    def work(name: str) -> str:
        if name.endswith("1"):
            both.wait()
        return name

    names = ("a1", "a2", "b1", "b2", "a3")
    jobs = [(f"https://{name[0]}.example/", partial(work, name)) for name in names]
    done = [name for arrived in run_jobs_by_host(jobs) for name in arrived]
    assert ["a1", "a2", "a3"] == [name for name in done if name[0] == "a"]
    assert ["b1", "b2"] == [name for name in done if name[0] == "b"]


def test_what_goes_wrong_in_a_lane_is_raised() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(run_jobs_by_host([("https://a.example/", work)]))


def test_trust_is_in_known_authorities_only() -> None:
    from corpus.sources.web.transport import _make_ssl_context

    assert ssl.CERT_REQUIRED == _make_ssl_context().verify_mode
    assert _make_ssl_context().check_hostname
