"""The API keeps to its own description, whatever is sent to it."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from tests.registry_worlds import Clock, Ids, World
from tests.serve.registry.networked import BETA, NORTH, WORD, HeaderDoor, furnish
from triplehelix.serve import create_app
from triplehelix.store.edition import Edition
from triplehelix.store.registry.creating import create_registry
from triplehelix.store.registry.opening import open_registry

KNOWN = {"network_id": NORTH, "member_id": BETA}
load_all_checks()
HOLDS = [
    check
    for name in ("not_a_server_error", "status_code_conformance", "content_type_conformance",
                 "response_schema_conformance")
    for check in CHECKS.get_by_names([name])
]  # fmt: skip


@pytest.fixture(scope="module")
def schema(
    tmp_path_factory: pytest.TempPathFactory, small: Edition
) -> Iterator[schemathesis.BaseSchema]:
    """The description of an atlas with a registry."""
    folder = tmp_path_factory.mktemp("openapi")
    registry = open_registry(str(folder / "registry.sqlite"), clock=Clock(), ids=Ids())
    create_registry(registry)
    world = World(registry)
    furnish(world)
    app = create_app(small, registry=registry, door=HeaderDoor(world))
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    registry.close()


def test_whatever_is_sent_the_answer_is_one_that_is_described(
    schema: schemathesis.BaseSchema,
) -> None:
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) > 25

    for operation in operations:

        @given(
            case=operation.as_strategy(),
            who=st.sampled_from(["", "mia", "stu", "ada"]),
            known=st.booleans(),
        )
        @settings(
            max_examples=3,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: schemathesis.Case, who: str, known: bool) -> None:
            # Ids that are there, half of the time: else hardly anything would be reached.
            here = {name: KNOWN[name] for name in case.path_parameters if name in KNOWN}
            case.path_parameters.update(here if known else {})
            headers = {"x-anti-forgery": WORD, **({"x-user": who} if who else {})}
            case.call_and_validate(headers=headers, checks=HOLDS)

        holds()
