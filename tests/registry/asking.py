"""Everything the application can answer about a registry, found in its modules, as one text."""

import dataclasses
import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Any

import triplehelix.app.calls as app_calls
import triplehelix.app.enquiries as app_enquiries
import triplehelix.app.front as app_front
import triplehelix.app.registry as app_registry
from triplehelix.errors import TripleHelixError
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry

MOST = 30
KINDS = ("network", "member", "asset", "post", "event", "call")


@cache
def questions() -> dict[str, Callable[..., Any]]:
    """Every public function of these packages that takes a registry and a viewer."""
    found = {}
    for module in _modules():
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if function.__module__ == module.__name__ and {Registry, Viewer} <= set(
                typing.get_type_hints(function).values()
            ):
                found[f"{module.__name__.removeprefix('triplehelix.app.')}.{name}"] = function
    return found


def _modules() -> Iterator[Any]:
    for package in (app_registry, app_calls, app_enquiries, app_front):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(each.name)


@cache
def _hints(of: Any) -> dict[str, Any]:
    return typing.get_type_hints(of)


def ways_to_ask(
    function: Callable[..., Any], given: dict[type, Any], ids: dict[str, list[Any]],
    words: list[str], *, narrowly: bool = True,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """
    Keywords for a function: first each necessary one, then each optional one in its turn.

    Values come by type (`given`), by name (`asset_id`, `network`: ids), else from `words`. A
    function that needs what none of these gives (the fields of a change) is not asked.
    """
    hints = _hints(function)
    needed: list[tuple[str, list[Any]]] = []
    optional: list[tuple[str, list[Any]]] = []
    for name, parameter in inspect.signature(function).parameters.items():
        values = list(_values(name, hints.get(name), given, ids, words))
        if parameter.default is inspect.Parameter.empty:
            if not values:
                return
            # Several free texts at once: one word for each will do.
            free = values == words and any(others == words for _, others in needed)
            needed.append((name, values[:1] if free else values))
        elif narrowly:
            optional.append((name, values))
    for asked in islice(_each(needed), MOST):
        yield asked
        for name, values in optional:
            for value in values[:3]:
                yield {**asked, name: value}


def _each(needed: list[tuple[str, list[Any]]]) -> Iterator[dict[str, Any]]:
    if not needed:
        yield {}
        return
    (name, values), rest = needed[0], needed[1:]
    for value in values:
        for others in _each(rest):
            yield {name: value, **others}


def _values(
    name: str, hint: Any, given: dict[type, Any], ids: dict[str, list[Any]], words: list[str]
) -> Iterator[Any]:
    types = set(typing.get_args(hint)) | {hint}
    for known, value in given.items():
        if known in types:
            yield value
            return
    kind = name.removesuffix("_id")
    if str in types and kind in ids:
        tuples = any(typing.get_origin(each) is tuple for each in types)
        for value in ids[kind]:
            yield value if tuples or isinstance(value, str) else ",".join(map(str, value))
    elif str in types:
        yield from words
    elif int in types:
        yield 2
    else:
        for each in types:
            if dataclasses.is_dataclass(each):
                yield from _filters(each, ids, words)


def _filters(asked: Any, ids: dict[str, list[Any]], words: list[str]) -> Iterator[Any]:
    """A question of many filters: without any, and with each of its words in turn."""
    if any(f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
           for f in dataclasses.fields(asked)):  # fmt: skip
        return
    yield asked()
    hints = _hints(asked)
    for each in dataclasses.fields(asked):
        for value in list(_values(each.name, hints[each.name], {}, ids, words))[:4]:
            with suppress(TripleHelixError):  # no such question can be asked
                yield dataclasses.replace(asked(), **{each.name: value})


def answer(function: Callable[..., Any], asked: dict[str, Any]) -> str:
    """What a function says, errors too."""
    try:
        said = function(**asked)
        return repr(list(said) if inspect.isgenerator(said) else said)
    except (TripleHelixError, ValueError, KeyError) as err:  # KeyError: a kind that is none
        return f"{type(err).__name__}: {err}"


def whatever_is_asked(
    registry: Registry, viewer: Viewer, ids: dict[str, list[Any]], words: list[str],
    editions: dict[type, Any],
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(question, answer) of everything, to one viewer."""
    given = {Registry: registry, Viewer: viewer, **editions}
    for name, function in questions().items():
        for asked in ways_to_ask(function, given, ids, words):
            told = {k: v for k, v in asked.items()
                    if not isinstance(v, Registry | Viewer | Edition)}  # fmt: skip
            yield f"{name}({str(told)[:200]})", answer(function, asked)


def through_sight(
    registry: Registry, viewer: Viewer, ids: dict[str, list[Any]]
) -> Iterator[tuple[str, str]]:
    """(question, answer) of all that a `Sight` tells."""
    every = [one for kind in KINDS for one in ids[kind]]
    with registry.look(viewer) as sight:
        for kind in KINDS:
            listed = sight.connection.scalars(sight.records_where(kind)).all()
            yield f"ids of {kind}s", repr(sorted(listed))
        yield "records", repr(sight.records(every))
        yield "names", repr(sight.names(every))
        amounts = sight.capacities(ids["asset"])
        yield "capacities", repr(amounts)
        yield "reservations", repr(sight.reservations(ids["capacity"]))
        yield "memberships", repr(sight.memberships())
        yield "parts", repr(sight.network_parts())
        for kind in KINDS:
            for one in ids[kind]:
                yield f"{kind} {one}", answer(sight.record, {"kind": kind, "record_id": one})
