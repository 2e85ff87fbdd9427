"""The reference of addresses has every route of the registry, and no others."""

import re
from collections import defaultdict
from pathlib import Path

from tests.routes import query_parameters
from triplehelix.serve.registry import ROUTERS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "http.md"
SECTIONS = ("Assets and members", "Calls and alliances", "Networks, queues, files", "Enquiries", "Accounts",
            "The audit log")  # fmt: skip


def test_every_route_is_documented_with_methods_forms_and_parameters() -> None:
    text = REFERENCE.read_text("utf-8")
    described = {}
    for section in SECTIONS:
        for line in text.partition(f"## {section}\n")[2].partition("\n## ")[0].splitlines():
            cells = [re.findall(r"`([^`]+)`", cell) for cell in line.strip("|").split("|")]
            if not line.startswith("| `"):
                continue
            [address], methods, parameters = cells[0], set(cells[1]), set(cells[-2])
            described[address] = (methods, parameters)
            for form in cells[2] if len(cells) == 5 else []:
                described[address + form] = ({"GET"}, parameters)
    there = defaultdict(lambda: (set(), set()))
    for router in ROUTERS:
        for route in router.routes:
            methods, parameters = there[route.path]
            methods |= route.methods
            parameters |= {p.alias for p in query_parameters(route.dependant)}
    assert described == dict(there)
