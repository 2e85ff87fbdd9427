"""Team formation files (`.tf`): agents with skills and costs, skills with weights, exclusions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from triplehelix.errors import InputError
from triplehelix.optimise.instances.numbers import Floats, Ints

_KINDS = "c, p, a, s or e"


@dataclass(frozen=True, slots=True)
class TeamFormation:
    """
    Agents and skills by position; `agents` and `skills` have their ids in the file, ascending.

    Parameters
    ----------
    cost : shape (n_agents,), >= 0
        Of having the agent in the team.
    repair_cost : shape (n_agents,), >= 0
        Of hiring the agent after a loss; infinite where that cannot be (-1 in the file).
    weight : shape (n_skills,), >= 0
    who : for each skill the agents that have it, ascending.
    apart : sets of agents of which at most one may be in a team.
    """

    agents: tuple[int, ...]
    skills: tuple[int, ...]
    cost: Floats
    repair_cost: Floats
    weight: Floats
    who: tuple[Ints, ...]
    apart: tuple[Ints, ...]


def read_team_formation(text: str, name: str = "the file") -> TeamFormation:
    """
    Read a team formation instance, its lines in any order.

    `c` comment; `p AGENTS SKILLS`; `a ID COST REPAIR_COST SKILL...`; `s ID WEIGHT`;
    `e ID ID...`: at most one of these.

    Raises
    ------
    InputError
        If a line is not of these, an id is unknown or given twice, a number is wrong, or the
        counts of the `p` line do not hold.

    References
    ----------
    Schwind and others (2023), doi:10.1007/s10458-023-09608-7

    Examples
    --------
    >>> team = read_team_formation("p 2 1\\na 7 3 -1 0\\na 5 1 2 0\\ns 0 4\\ne 7 5")
    >>> team.agents, team.cost, team.repair_cost
    ((5, 7), array([1., 3.]), array([ 2., inf]))
    """
    lines = list(_lines(text, name))
    (n_agents, n_skills), head = _head(lines, name)
    agents = _rows([line for line in lines if line.kind == "a"], 3, name)
    skills = _rows([line for line in lines if line.kind == "s"], 2, name)
    for what, said, there in (("agents", n_agents, agents), ("skills", n_skills, skills)):
        if said != len(there):
            raise InputError(
                f"{name}, line {head}: {said} {what} are announced, and there are {len(there)} "
                f"lines of them; it is cut off, or the `p` line is wrong"
            )
    if not agents or not skills:
        raise InputError(f"{name}: there must be an agent and a skill at least; add `a` and `s`")
    return _instance(agents, skills, [line for line in lines if line.kind == "e"], name)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    kind: str
    values: tuple[float, ...]


def _lines(text: str, name: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("c"):
            continue
        if words[0] not in ("p", "a", "s", "e"):
            raise InputError(
                f"{name}, line {number}: it begins with {words[0][:20]!r}; a line of a team "
                f"formation file begins with {_KINDS}"
            )
        try:
            values = tuple(map(float, words[1:]))
        except ValueError as err:
            raise InputError(f"{name}, line {number}: {err}; write numbers after it") from err
        yield _Line(number, words[0], values)


def _head(lines: list[_Line], name: str) -> tuple[tuple[int, int], int]:
    heads = [line for line in lines if line.kind == "p"]
    if len(heads) != 1:
        raise InputError(f"{name}: there are {len(heads)} lines `p AGENTS SKILLS`; keep one")
    (head,) = heads
    if len(head.values) < 2 or not all(v >= 0 and v == int(v) for v in head.values[:2]):
        raise InputError(f"{name}, line {head.number}: write `p AGENTS SKILLS`, both whole numbers")
    return (int(head.values[0]), int(head.values[1])), head.number


def _rows(lines: list[_Line], least: int, name: str) -> dict[int, _Line]:
    """Lines by the id that each begins with."""
    found: dict[int, _Line] = {}
    for line in lines:
        if len(line.values) < least:
            raise InputError(
                f"{name}, line {line.number}: `{line.kind}` needs {least} numbers at least, and "
                f"has {len(line.values)}"
            )
        (id_,) = _ids(line, line.values[:1], name)
        if id_ in found:
            raise InputError(
                f"{name}, line {line.number}: `{line.kind} {id_}` stands on line "
                f"{found[id_].number} already; give each an id of its own"
            )
        found[id_] = line
    return dict(sorted(found.items()))


def _ids(line: _Line, values: tuple[float, ...], name: str) -> tuple[int, ...]:
    for value in values:
        if not (0 <= value < 2**53 and value == int(value)):
            raise InputError(
                f"{name}, line {line.number}: {value:g} is no id; ids are whole numbers from 0 on"
            )
    return tuple(map(int, values))


def _instance(
    agents: dict[int, _Line], skills: dict[int, _Line], apart: list[_Line], name: str
) -> TeamFormation:
    at_agent = {id_: at for at, id_ in enumerate(agents)}
    at_skill = {id_: at for at, id_ in enumerate(skills)}
    who: list[list[int]] = [[] for _ in skills]
    for at, line in enumerate(agents.values()):
        for id_ in sorted(set(_known(line, line.values[3:], at_skill, "s", name))):
            who[at_skill[id_]].append(at)
    groups = set()
    for line in apart:
        group = {at_agent[id_] for id_ in _known(line, line.values, at_agent, "a", name)}
        if len(group) > 1:
            groups.add(tuple(sorted(group)))
    repair = [_amount(line, 2, name, low=-1) for line in agents.values()]
    return TeamFormation(
        tuple(agents), tuple(skills),
        np.array([_amount(line, 1, name) for line in agents.values()]),
        np.array([np.inf if cost == -1 else cost for cost in repair]),
        np.array([_amount(line, 1, name) for line in skills.values()]),
        tuple(np.array(one, dtype=np.int64) for one in who),
        tuple(np.array(group, dtype=np.int64) for group in sorted(groups)),
    )  # fmt: skip


def _known(
    line: _Line, values: tuple[float, ...], there: dict[int, int], kind: str, name: str
) -> tuple[int, ...]:
    ids = _ids(line, values, name)
    for id_ in ids:
        if id_ not in there:
            raise InputError(
                f"{name}, line {line.number}: it names {id_}, and there is no line `{kind} {id_}`; "
                "add it, or correct the id"
            )
    return ids


def _amount(line: _Line, at: int, name: str, low: float = 0.0) -> float:
    value = line.values[at]
    if not (np.isfinite(value) and (value >= 0 or value == low)):
        told = "0 or more, or -1 for an agent that cannot be hired later" if low else "0 or more"
        raise InputError(f"{name}, line {line.number}: {value:g} is wrong here; it must be {told}")
    return value
