"""The example calls in the sample registry: open and public, held by nobody."""

from importlib.resources import files

from triplehelix.app.calls.content import checked_content
from triplehelix.read.call_files import parsed_call
from triplehelix.read.capabilities import read_capabilities
from triplehelix.store.registry.changing import Change

NAMES = ("testing-network", "advanced-therapy-trial", "ventilator", "trial-network")


def call_texts() -> dict[str, str]:
    """The call files that ship, by name."""
    folder = files("triplehelix.sample") / "calls"
    return {name: (folder / f"{name}.yaml").read_text("utf-8") for name in NAMES}


def put_sample_calls(change: Change, own_id: dict[str, str]) -> None:
    """
    Write the example calls, each under its id.

    No body called for them, so none holds them: administrators of the demo stand in for one.
    """
    capabilities = read_capabilities()
    for name, text in call_texts().items():
        call = parsed_call(text.encode(), f"{name}.yaml")
        content = call.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        fields = checked_content(content, capabilities, complete=True)
        change.create("call", {**fields, "state": "open", "progress": True},
                      visibility={"*": "public"}, record_id=own_id[name])  # fmt: skip
