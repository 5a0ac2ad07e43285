"""The API keeps what its description says, whatever is asked: schemathesis tries it out.

Queries, dates and cursors are languages of their own, which a schema cannot tell. Its formats do,
and these are strategies for them: what they give must be taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from search.project.project import Project
from search.web.app import create_app
from tests.demo import samples
from tests.serving import BEARER, NOW, TOKEN

_WORDS = st.sampled_from(
    ["ferry", "alliance", "Iwojima", '"Iwo Jima"', "secur*", "title:ferry", "-baseball", "*",
     "date:2025-03", "date:'last month'", "person:Ishiba", "Japan w/5 alliance", "words:>=20"]
)  # fmt: skip
_QUERIES = st.lists(_WORDS, min_size=1, max_size=4).map(" ".join)
# Each as a beginning is before the end of each.
_ANY_DATE = st.sampled_from(["", "2025", "2025-03-12", "last month", "2025-03-12T10:00Z"])
_EXAMPLES = 15

_REFUSED = ("400", "401", "403", "404", "405", "406", "409", "413", "415", "422")
# What no schema tells: if dates are too far apart, if an article can be made of a content, if one
# was removed.
_ARTICLE = "/v1/articles/{id}"
_UNTOLD = {
    "/v1/timeline": ["400"],
    "/v1/articles": ["422"],
    _ARTICLE: ["409", "410", "422"],
}
_OFF = {"enabled": False}


def accepted(*others: str) -> dict[str, list[str]]:
    return {"expected-statuses": ["2xx", "3xx", "404", *others]}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = samples(tmp_path_factory.mktemp("schemathesis") / "demo")
    with Project.open(folder, now=NOW) as opened:
        yield opened


@pytest.fixture
def api(project: Project) -> Any:
    schemathesis.openapi.format("dateline-query", _QUERIES)
    schemathesis.openapi.format("dateline-period", _ANY_DATE)
    schemathesis.openapi.format("dateline-cursor", st.sampled_from(["", "*"]))
    app = create_app(project, token=TOKEN, hosts=["testserver"])
    settings = {
        "seed": 1,
        "headers": BEARER,
        "generation": {"max-examples": _EXAMPLES, "deterministic": True, "database": "none"},
        "checks": {"negative_data_rejection": {"expected-statuses": [*_REFUSED, "414"]}},
        "operations": [
            {"include-path": path, "checks": {"positive_data_acceptance": accepted(*statuses)}}
            for path, statuses in _UNTOLD.items()
        ]
        # An article that is gone has its versions still.
        + [{"include-path": f"{_ARTICLE}/versions", "checks": {"use_after_free": _OFF}}],
    }
    config = schemathesis.Config.from_dict(settings)
    return schemathesis.openapi.from_asgi("/openapi.json", app, config=config)


def test_the_api_keeps_to_its_description(api: Any) -> None:
    tried: set[str] = set()
    wrong = []
    for event in from_schema(api).execute():
        if isinstance(event, NonFatalError | FatalError):
            wrong.append(str(event))
        if isinstance(event, ScenarioFinished):
            tried |= {case.value.operation.label for case in event.recorder.cases.values()}
            wrong += list(map(str, failures(event)))
    assert not wrong, "\n\n".join(wrong)
    assert {each.ok().label for each in api.get_all_operations()} == tried


def failures(event: ScenarioFinished) -> Iterator[str]:
    for case_id, nodes in event.recorder.checks.items():
        for node in nodes:
            if node.failure_info is not None:
                case = event.recorder.cases[case_id].value
                yield f"{case.as_curl_command()}: {node.failure_info.failure}"


def test_the_description_names_every_path(api: Any) -> None:
    paths = {path: sorted(methods) for path, methods in api.raw_schema["paths"].items()}
    assert {
        "/v1/search": ["get"],
        "/v1/search.{form}": ["get"],
        "/v1/facets": ["get"],
        "/v1/timeline": ["get"],
        "/v1/suggest": ["get"],
        "/v1/status": ["get"],
        "/healthz": ["get"],
        "/v1/articles": ["post"],
        "/v1/articles/{id}": ["delete", "get", "put"],
        "/v1/articles/{id}/versions": ["get"],
        "/v1/articles/{id}/similar": ["get"],
        "/opensearch.xml": ["get"],
        "/opensearch/suggestions": ["get"],
    } == paths
    assert not re.search("HTTPValidationError", str(api.raw_schema))
