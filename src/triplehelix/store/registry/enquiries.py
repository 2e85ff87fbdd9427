"""Enquiries as they are asked, passed on, answered, closed and erased; each change in the log."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from triplehelix.errors import Forbidden, InputError
from triplehelix.registry.commitments import acts_for
from triplehelix.registry.enquiries import (
    OVER,
    WAITING,
    Act,
    AskerFields,
    Closing,
    Enquiry,
    State,
    after,
)
from triplehelix.registry.routing import About, Route
from triplehelix.registry.visibility import Condition
from triplehelix.store.registry.changing import Change
from triplehelix.store.registry.enquiry_reading import enquiry, read_for, turns
from triplehelix.store.registry.enquiry_tables import (
    ENQUIRIES,
    ENQUIRY_ASKERS,
    ENQUIRY_EVENTS,
    ENQUIRY_TURNS,
)
from triplehelix.store.registry.secret_words import digest, new_secret

DESK = ""
_TABLES = (ENQUIRIES, ENQUIRY_ASKERS, ENQUIRY_EVENTS, ENQUIRY_TURNS)


def begin(
    change: Change, asker: AskerFields, kind: About, about: str, where: Route
) -> tuple[str, str]:
    """
    Keep a new enquiry; its id, and the secret by which whoever asked follows it, kept nowhere.

    `where` is what the rule says of it (`registry.routing.route`).
    """
    new, secret = change.ids("enquiry"), new_secret()
    holders = where.to or (DESK,)
    seen_by = change.keep(_seen_by(holders))
    connection = change.connection
    connection.execute(insert(ENQUIRIES), {
        "enquiry_id": new, "hash": digest(secret), "seen_by": seen_by, "about_kind": str(kind),
        "about": about, "rule": where.rule, "state": str(State.RECEIVED), "made_at": change.now,
        "changed_at": change.now,
    })  # fmt: skip
    connection.execute(insert(ENQUIRY_ASKERS), {
        "enquiry_id": new, "seen_by": seen_by, "user_id": change.viewer.user_id,
        **asker.model_dump(), "email": asker.email.lower(),
    })  # fmt: skip
    rows = [_turn(new, n, seen_by, holder, change.now) for n, holder in enumerate(holders, 1)]
    connection.execute(insert(ENQUIRY_TURNS), rows)
    _write_down(change, new, seen_by, "asker", "enquire", State.RECEIVED, None, where.to)
    change.log(new, "enquire", about=str(kind), of=about, rule=where.rule, to=list(where.to))
    return new, secret


def answer(change: Change, enquiry_id: str, text: str) -> Enquiry:
    """
    Answer an enquiry, once more if need be.

    Raises
    ------
    InputError, UnknownName, Forbidden
        If it is over; if it is with others; if the viewer may only read.
    """
    now = _mine(change, enquiry_id)
    state = after(State(now.state), Act.ANSWER)
    there = _open(change, enquiry_id)
    own = _acting(change, there, instead={DESK} & there)
    _end(change, enquiry_id, {one: "answered" if one in own else "elsewhere" for one in there})
    first: dict[str, Any] = {} if now.answered_at else {"answered_at": change.now}
    return _done(change, now, "desk", Act.ANSWER, state, text, **first)


def pass_on(change: Change, enquiry_id: str, network_id: str | None, reason: str) -> Enquiry:
    """
    Hand one's own part in an enquiry to a network; None: to the front desk.

    Raises
    ------
    InputError
        If it is answered or over, it is there already, or nobody reads for that network.
    UnknownName, Forbidden
        If it is with others, or the network is not seen; if the viewer may only read.
    """
    now = _mine(change, enquiry_id)
    state = after(State(now.state), Act.PASS_ON)
    to = network_id or DESK
    if to:
        change.sight.record("network", to)
        if to not in read_for(change.connection, [to]):
            raise InputError("nobody reads for this network yet; choose another, or the front desk")
    there = _open(change, enquiry_id)
    own = _acting(change, there, instead=there)
    left = there - own
    if to in own:
        raise InputError("it is there already; choose somebody else")
    _end(change, enquiry_id, dict.fromkeys(own, "passed on"))
    if to not in left:
        n = max(_numbers(change, ENQUIRY_TURNS, enquiry_id), default=0) + 1
        seen_by = change.keep(_seen_by(sorted(left | {to})))
        change.connection.execute(
            insert(ENQUIRY_TURNS), _turn(enquiry_id, n, seen_by, to, change.now)
        )
    _reseat(change, enquiry_id, left | {to})
    done = _done(change, now, "desk", Act.PASS_ON, state, reason, to=(to,) if to else ())
    # Whoever has handed it over does not see it any more, and is told whom it is with now.
    return replace(done, to=tuple(sorted(one for one in left | {to} if one)))


def close(
    change: Change, enquiry_id: str, closing: Closing, reason: str | None = None, *,
    side: str = "desk",
) -> Enquiry:  # fmt: skip
    """
    Close an enquiry: for good.

    Raises
    ------
    InputError
        If it is over, or is said to be done though nobody has answered, or the other way round.
    UnknownName, Forbidden
    """
    now = _mine(change, enquiry_id)
    state = after(State(now.state), Act.CLOSE)
    waiting = now.state in WAITING
    if closing is (Closing.DONE if waiting else Closing.UNANSWERED):
        wanted = "unanswered or no enquiry" if waiting else "done or no enquiry"
        raise InputError(f"this enquiry is {now.state} and cannot be closed as {closing}; {wanted}")
    _end(change, enquiry_id, dict.fromkeys(_open(change, enquiry_id), str(closing)))
    return _done(change, now, side, Act.CLOSE, state, reason,
                 closed_at=change.now, closing=str(closing))  # fmt: skip


def withdraw(change: Change, enquiry_id: str) -> Enquiry:
    """Take back what one has asked oneself; InputError if it is over."""
    now = enquiry(change.sight, enquiry_id)
    state = after(State(now.state), Act.WITHDRAW)
    _end(change, enquiry_id, dict.fromkeys(_open(change, enquiry_id), "withdrawn"))
    return _done(change, now, "asker", Act.WITHDRAW, state, None, closed_at=change.now)


def erase(change: Change, enquiry_id: str, side: str) -> None:
    """
    Destroy what is personal in an enquiry: who asked, their words, and those of replies.

    One that waits is withdrawn first, one that was answered closed. What is left, and is counted,
    names nobody.
    """
    now = enquiry(change.sight, enquiry_id)
    if now.erased_at is not None:
        return
    if now.state in WAITING:
        now = withdraw(change, enquiry_id)
    elif now.state not in OVER:
        now = close(change, enquiry_id, Closing.DONE, side=side)
    connection = change.connection
    if connection.dialect.name == "sqlite":
        # Else the bytes would stay in the file until others are written over them.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.execute(delete(ENQUIRY_ASKERS).where(ENQUIRY_ASKERS.c.enquiry_id == enquiry_id))
    words = ENQUIRY_EVENTS.c.enquiry_id == enquiry_id
    connection.execute(update(ENQUIRY_EVENTS).where(words), {"text": None})
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
    mine = ENQUIRIES.c.enquiry_id == enquiry_id
    connection.execute(update(ENQUIRIES).where(mine), {"erased_at": change.now})
    _write_down(change, enquiry_id, _seen_now(change, enquiry_id), side, "erase",
                State(now.state), None, ())  # fmt: skip
    change.log(enquiry_id, "erase enquiry", side=side)


def _seen_by(holders: Iterable[str]) -> Condition:
    """Those who act for one of these; of the front desk, administrators alone."""
    return frozenset({frozenset(acts_for(one) for one in holders if one)})


def _mine(change: Change, enquiry_id: str) -> Enquiry:
    """An enquiry that is with the viewer, who may write."""
    now = enquiry(change.sight, enquiry_id)
    if "write" not in change.viewer.scopes:
        raise Forbidden("this token may only read; sign in, or use one with the scope write")
    return now


def _acting(change: Change, holders: Collection[str], instead: Collection[str]) -> set[str]:
    """Of these holders, those the viewer acts for; `instead` for an administrator of none."""
    own = {one for one in holders if one and acts_for(one) in change.viewer.grants}
    return own if own or not change.viewer.everything else set(instead)


def _open(change: Change, enquiry_id: str) -> set[str]:
    """Where it waits."""
    found = turns(change.sight, [enquiry_id])
    return {one.holder_id for one in found if one.until is None}


def _end(change: Change, enquiry_id: str, ended: dict[str, str]) -> None:
    """End turns that go on: how, by holder."""
    mine = (ENQUIRY_TURNS.c.enquiry_id == enquiry_id) & ENQUIRY_TURNS.c.until.is_(None)
    for holder, end in ended.items():
        change.connection.execute(
            update(ENQUIRY_TURNS).where(mine, ENQUIRY_TURNS.c.holder_id == holder),
            {"until": change.now, "end": end},
        )


def _reseat(change: Change, enquiry_id: str, holders: Iterable[str]) -> None:
    seen_by = change.keep(_seen_by(sorted(holders)))
    for table in _TABLES:
        change.connection.execute(
            update(table).where(table.c.enquiry_id == enquiry_id), {"seen_by": seen_by}
        )


def _done(
    change: Change, now: Enquiry, side: str, act: Act, state: State, text: str | None, *,
    to: tuple[str, ...] = (), **changed: Any,
) -> Enquiry:  # fmt: skip
    mine = ENQUIRIES.c.enquiry_id == now.enquiry_id
    changed |= {"state": str(state), "changed_at": change.now}
    change.connection.execute(update(ENQUIRIES).where(mine), changed)
    _write_down(change, now.enquiry_id, _seen_now(change, now.enquiry_id), side, str(act), state,
                text, to)  # fmt: skip
    said = {"to": list(to)} if act is Act.PASS_ON else {}
    said |= {"closing": changed["closing"]} if "closing" in changed else {}
    change.log(now.enquiry_id, f"{act} enquiry", state=str(state), side=side, **said)
    return replace(now, **changed)


def _write_down(
    change: Change, enquiry_id: str, seen_by: str, side: str, act: str, state: State,
    text: str | None, to: tuple[str, ...],
) -> None:  # fmt: skip
    n = max(_numbers(change, ENQUIRY_EVENTS, enquiry_id), default=0) + 1
    change.connection.execute(insert(ENQUIRY_EVENTS), {
        "enquiry_id": enquiry_id, "n": n, "seen_by": seen_by, "at": change.now, "side": side,
        "by_user": None if side == "asker" else change.viewer.user_id, "act": act,
        "state": str(state), "text": text, "to": list(to),
    })  # fmt: skip


def _numbers(change: Change, table: Any, enquiry_id: str) -> list[int]:
    asked = select(func.max(table.c.n)).where(table.c.enquiry_id == enquiry_id)
    found = change.connection.scalar(asked)
    return [] if found is None else [found]


def _seen_now(change: Change, enquiry_id: str) -> str:
    asked = select(ENQUIRIES.c.seen_by).where(ENQUIRIES.c.enquiry_id == enquiry_id)
    return str(change.connection.scalar(asked))


def _turn(
    enquiry_id: str, n: int, seen_by: str, holder: str, since: datetime
) -> dict[str, Any]:  # fmt: skip
    return {"enquiry_id": enquiry_id, "n": n, "seen_by": seen_by, "holder_id": holder,
            "since": since, "until": None, "end": None}  # fmt: skip
