"""What pages about calls share: who solves, labels of needs, words for templates."""

from typing import Any

from fastapi import Request

from triplehelix.ally.call import Call
from triplehelix.app.calls.comparing import Placed
from triplehelix.app.calls.runs import Solves
from triplehelix.serve.registry import call_words, curves
from triplehelix.serve.registry.editing import capabilities_of
from triplehelix.serve.render import point

SHOWN_NEEDS = 40


def solves_of(request: Request) -> Solves:
    """What solves calls for this server, shared by all its processes."""
    solves: Solves = request.app.state.solves
    return solves


def labels(request: Request) -> dict[str, str]:
    """Capabilities by what they are called."""
    return {one.capability: one.label for one in capabilities_of(request)}


def labels_of_needs(request: Request, call: Call | None) -> dict[str, str]:
    """Needs by their capability, and by their own names where that is not enough."""
    if call is None:
        return {}
    known = labels(request)
    said = [known.get(one.capability, call_words.label_of(one.capability)) for one in call.needs]
    return (
        {
            one.need: label
            if said.count(label) == 1
            else f"{label} ({call_words.label_of(one.need)})"
            for one, label in zip(call.needs, said, strict=True)
        }
        if len(said) <= 200
        else {one.need: call_words.label_of(one.need) for one in call.needs}
    )


def context(request: Request, call: Call | None = None) -> dict[str, Any]:
    """What every template about calls is given."""
    everything = bool(request.query_params.get("all"))
    return {
        "said": call_words, "curves": curves, "labels": labels(request),
        "labels_of_needs": labels_of_needs(request, call),
        "shown_needs": 2_000 if everything else SHOWN_NEEDS,
    }  # fmt: skip


def asset_point(one: Placed, mark: str = "") -> dict[str, Any]:
    """An asset of an answer as a point; `mark` stands on it."""
    said = f"{one.member}: {one.name}" + (f", {one.town}" if one.town else "")
    return point(one.lon, one.lat, {"asset_id": one.asset_id, "name": one.name,
                                    "member": one.member, "place": said, "mark": mark})  # fmt: skip
