"""The compose files are what the documentation says of them, as far as a reader of YAML sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from indexer.engines.cluster_settings import ClusterSettings
from search.config.config import load_config
from tests.demo import ROOT

SCALING = (ROOT / "docs" / "scaling.md").read_text("utf-8")
FILES = ("compose.yaml", "compose.three.yaml")
OTHER_VARIABLES = {
    "DATELINE_PROJECT",
    "DATELINE_TOKEN",
    "DATELINE_CHROMIUM",
}  # read by commands, not by the settings


def services(file: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((ROOT / file).read_text("utf-8"))["services"]
    return found


ALL = [
    pytest.param(service, id=f"{file}:{name}")
    for file in FILES
    for name, service in services(file).items()
]


class Asked(dict[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The environment variables that settings come from."""
    environ = Asked()
    load_config(tmp_path_factory.mktemp("project"), environ=environ)
    return environ.names | OTHER_VARIABLES


@pytest.mark.parametrize("service", ALL)
def test_only_this_machine_reaches_a_node(service: Mapping[str, Any]) -> None:
    assert service["ports"]
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:9200", port) for port in service["ports"])
    assert "network_mode" not in service


@pytest.mark.parametrize("service", ALL)
def test_a_node_outlives_its_container_and_says_when_it_is_ready(
    service: Mapping[str, Any],
) -> None:
    (volume,) = service["volumes"]
    assert "/usr/share/opensearch/data" == volume.partition(":")[2]
    assert "unless-stopped" == service["restart"]
    assert "wait_for_status=yellow" in service["healthcheck"]["test"][1]


@pytest.mark.parametrize("service", ALL)
def test_the_heap_is_as_large_as_it_will_be_and_stays_in_memory(service: Mapping[str, Any]) -> None:
    environment = service["environment"]
    heap = "${OPENSEARCH_HEAP:-1g}"
    assert f"-Xms{heap} -Xmx{heap}" == environment["OPENSEARCH_JAVA_OPTS"]
    assert "true" == environment["bootstrap.memory_lock"]
    assert {"soft": -1, "hard": -1} == service["ulimits"]["memlock"]


@pytest.mark.parametrize("service", ALL)
def test_security_is_one_switch_and_no_password_stands_in_the_file(
    service: Mapping[str, Any],
) -> None:
    environment = service["environment"]
    assert "${DISABLE_SECURITY_PLUGIN:-true}" == environment["DISABLE_SECURITY_PLUGIN"]
    password = environment["OPENSEARCH_INITIAL_ADMIN_PASSWORD"]
    assert "${OPENSEARCH_INITIAL_ADMIN_PASSWORD:-}" == password


def test_all_nodes_are_of_one_version_which_is_pinned() -> None:
    (image,) = {service["image"] for file in FILES for service in services(file).values()}
    assert re.fullmatch(r"opensearchproject/opensearch:3\.\d+\.\d+", image)


def test_one_node_is_where_dateline_looks_for_it() -> None:
    (node,) = services("compose.yaml").values()
    assert "single-node" == node["environment"]["discovery.type"]
    (host,) = ClusterSettings().hosts
    assert [f"127.0.0.1:{host.rpartition(':')[2]}:9200"] == node["ports"]


def test_three_nodes_look_for_each_other_and_are_told_by_name() -> None:
    nodes = services("compose.three.yaml")
    assert 3 == len({port for node in nodes.values() for port in node["ports"]})
    assert 3 == len({volume for node in nodes.values() for volume in node["volumes"]})
    for name, node in nodes.items():
        environment = node["environment"]
        assert name == environment["node.name"]
        assert ",".join(nodes) == environment["discovery.seed_hosts"]
        assert ",".join(nodes) == environment["cluster.initial_cluster_manager_nodes"]
        assert "discovery.type" not in environment
        assert "wait_for_nodes=ge(3)" in node["healthcheck"]["test"][1]


# -- what the page on scaling says


PAGES = [ROOT / "README.md", *(ROOT / file for file in FILES), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_in_the_documentation_is_one_that_there_is(
    page: Path, known: set[str]
) -> None:
    assert set() == set(re.findall(r"\bDATELINE_[A-Z_]+", page.read_text("utf-8"))) - known


def test_every_variable_of_the_compose_files_is_told() -> None:
    text = "".join((ROOT / file).read_text("utf-8") for file in FILES)
    names = set(re.findall(r"\$\{(\w+)", text))
    assert 3 == len(names)
    assert all(name in SCALING for name in names)


def test_the_settings_on_the_page_are_settings(tmp_path: Path) -> None:
    (settings,) = re.findall(r"```yaml\n(engine: opensearch\n.+?)```", SCALING, re.S)
    (tmp_path / "dateline.yaml").write_text(settings, "utf-8")
    config = load_config(tmp_path, environ={})
    assert "opensearch" == config.engine
    assert set(ClusterSettings.__slots__) - {"password"} == set(
        yaml.safe_load(settings)["opensearch"]
    )
    assert tmp_path / "root-ca.pem" == config.cluster.ca


def test_limits_of_a_cluster_are_as_told() -> None:
    for file in FILES:
        for node in services(file).values():
            limit = int(node["environment"]["search.max_open_pit_context"])
            assert f"{limit:,}" in SCALING
