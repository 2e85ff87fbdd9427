"""What ideas about the assets of an answer would do to its needs."""

from triplehelix.ally.what_if import Effect, Idea, what_if
from triplehelix.app.calls.finding import find_answer, seen_of
from triplehelix.app.calls.runs import Solves
from triplehelix.capabilities.listed import Capabilities
from triplehelix.errors import InputError
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.opening import Registry

MOST_TRIED = 20


def try_ideas(
    solves: Solves, registry: Registry, viewer: Viewer, call_id: str, answer_id: str,
    ideas: list[Idea], capabilities: Capabilities,
) -> tuple[Effect, ...]:  # fmt: skip
    """
    What ideas about assets of an answer would do to its needs, the others as they stand.

    Raises
    ------
    InputError, UnknownName
    """
    if not 0 < len(ideas) <= MOST_TRIED:
        raise InputError(f"{len(ideas)} ideas cannot be tried at once; give 1 to {MOST_TRIED}")
    found = find_answer(solves, registry, viewer, call_id, answer_id)
    landscape, answers, now = seen_of(registry, viewer, call_id, found.alliance)
    return what_if(
        found.alliance, landscape, capabilities, ideas, today=now.date(), answers=answers
    )  # fmt: skip
