"""The OpenAPI description: as FastAPI makes it, with problem documents as its errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from search.web.api.models import ProblemModel
from search.web.problems import PROBLEM_KINDS, PROBLEM_MEDIA_TYPE, PROBLEM_TYPE_PREFIX

Schema = dict[str, Any]


def make_openapi_function(app: FastAPI) -> Callable[[], Schema]:
    """Return a function that makes the description of an app once, and then returns the same."""

    def describe() -> Schema:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=_describe_api(),
                routes=app.routes,
            )
            app.openapi_schema = _add_problems(schema)
        return app.openapi_schema

    return describe


def _describe_api() -> str:
    rows = "\n".join(
        f"| `{PROBLEM_TYPE_PREFIX}{kind}` | {status} | {title} |"
        for kind, (status, title) in PROBLEM_KINDS.items()
    )
    return (
        "Every answer of an index has an `ETag`, its generation and commit. Errors are problem "
        f"documents (RFC 9457):\n\n| type | status | title |\n|---|---|---|\n{rows}\n"
    )


def _add_problems(schema: Schema) -> Schema:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = ProblemModel.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path in schema["paths"].values():
        for method, operation in path.items():
            responses = operation["responses"]
            responses.pop("422", None)
            if method == "get":
                responses["304"] = {"description": "The client has it already"}
            responses["default"] = {
                "description": "A problem",
                "content": {PROBLEM_MEDIA_TYPE: problem},
            }
    return schema
