"""What form pages share: visibilities, refusals with what was typed, the way back."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from triplehelix.app.registry.naming import Choices, choices_of, member_ids
from triplehelix.capabilities.listed import Capabilities, Capability
from triplehelix.errors import Conflict, InputError
from triplehelix.registry.ids import is_id
from triplehelix.registry.visibility import Holder
from triplehelix.serve.refusals import status_of
from triplehelix.serve.registry.audiences import choices, ids_in, sentence
from triplehelix.serve.registry.door import registry_of, viewer_of
from triplehelix.serve.registry.forms import as_typed, visibility
from triplehelix.serve.registry.live import answer, see_other
from triplehelix.serve.registry.local_path import local_path
from triplehelix.serve.render import View


class Refused(Exception):
    """A form that was not taken: what is wrong, by field and as a whole; how it is answered."""

    def __init__(self, errors: dict[str, str], message: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.errors, self.message, self.status = errors, message, status


def capabilities_of(request: Request) -> Capabilities:
    """The list of capabilities that is served."""
    chosen: Capabilities = request.app.state.capabilities
    return chosen


def tree(capabilities: Capabilities) -> list[list[Capability]]:
    """Each capability that is a kind of nothing, by label, with all its kinds after it."""
    roots = sorted((c for c in capabilities if c.broader is None), key=lambda c: c.label)
    return [
        [root, *sorted((capabilities[s] for s in capabilities.narrower(root.capability)
                        if s != root.capability), key=lambda c: c.label)]
        for root in roots
    ]  # fmt: skip


def take(request: Request, do: Callable[[], str], again: Callable[[Refused], View]) -> Response:
    """
    Do what a form asks and go to the page it names, or show the form again, what was typed kept.

    What the form's object is, and whether the asker may, is no matter of the form: those errors
    are answered as everywhere.
    """
    try:
        return see_other(do())
    except (InputError, Conflict) as err:
        refused = Refused({}, str(err), status_of(err))
    except Refused as err:
        refused = err
    shown = answer(request, again(refused))
    shown.status_code = refused.status
    return shown


def refuse_if(errors: Mapping[str, str]) -> None:
    """Go on only if nothing is wrong with the fields."""
    if errors:
        raise Refused(dict(errors))


def way_back(form: FormData, otherwise: str) -> str:
    """Where a form says that it came from, if that is a page of ours."""
    return local_path(str(form.get("back") or ""), otherwise)


def shown_to(request: Request, form: FormData) -> dict[str, str]:
    """
    The visibilities that a form sent, the members it names looked up.

    Raises
    ------
    Refused
        If a line names no member, or none at all is named where members are chosen.
    """
    lines = [one.strip() for one in str(form.get("named_members") or "").splitlines()]
    written = [one for one in lines if one]
    found = member_ids(registry_of(request), viewer_of(request), written)
    unknown = [text for text in written if text not in found]
    if unknown:
        raise Refused({"named_members": f"no single member is called {unknown[0][:80]!r}; write "
                                        "the name as its page has it, or its id"})  # fmt: skip
    chosen = [v for k, v in form.multi_items() if k.startswith("see.") and v == "members"]
    if chosen and not found:
        raise Refused({"named_members": "name at least one member, or choose somebody else"})
    return visibility(form, found.values())


def offered(
    request: Request, words: Mapping[str, str], now: Mapping[str, str], member: str | None = None
) -> tuple[Choices, dict[str, list[tuple[str, str]]]]:
    """What a form offers: `choices_of` the asker, and who may see the whole and each field."""
    known = choices_of(registry_of(request), viewer_of(request), ids_in(now.values()), member)
    whole = choices(known.networks, now.get("*"), known.names, whole=True)
    fields = {
        name: choices(known.networks, now.get(name), known.names, whole=False) for name in words
    }
    return known, {"*": whole, **fields}


def in_words(request: Request, shown: Mapping[str, str] | None) -> dict[str, str]:
    """Visibilities in words, the whole first."""
    if shown is None:
        return {}
    known = choices_of(registry_of(request), viewer_of(request), ids_in(shown.values()))
    return {name: sentence(text, known.names) for name, text in sorted(shown.items())}


def first_typed(fields: Any, shown: Mapping[str, str] | None) -> dict[str, Any]:
    """What a form of a record shows at first."""
    said = fields.model_dump(mode="json", exclude_none=True)
    return as_typed({name: value for name, value in said.items() if value != []}, shown) | {
        "narrowed": [name for name in shown or {} if name != "*"]
    }


def version_of(form: FormData) -> int | None:
    """The version of the record that was opened, where the form says it."""
    said = str(form.get("version") or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None


def holder_text(holder: Holder) -> str:
    """A holder as the value of a choice."""
    return "+".join(one for one in (holder.member_id, holder.network_id) if one)


def holder_of(form: FormData) -> Holder:
    """The holder that was chosen; nobody where nothing was."""
    parts = str(form.get("holder") or "").split("+")
    member = next((one for one in parts if is_id(one, "member")), None)
    network = next((one for one in parts if is_id(one, "network")), None)
    return Holder(member, network)
