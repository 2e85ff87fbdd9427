"""How the API says that something went wrong (RFC 9457)."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Problem:
    """`detail` says what was wrong with which value, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str


def describe_problems(app: FastAPI) -> None:
    """Let the description of the API say that refusals come as `application/problem+json`."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        found = describe()
        for operations in found["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if status >= "400" and "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return found

    app.openapi = openapi  # type: ignore[method-assign]
