"""Accounts on both engines: who gets in, who stays in, what is written down of it."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.registry_worlds import Clock, World
from triplehelix.app.registry import inviting, own_account, passwords, people, reset, sign_in
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.app.registry.sign_in import Browser
from triplehelix.errors import (
    Conflict,
    Forbidden,
    InputError,
    NotSignedIn,
    TooOften,
    TripleHelixError,
    UnknownName,
)
from triplehelix.registry.accounts import USUAL
from triplehelix.registry.roles import Role
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.account_tables import (
    API_TOKENS,
    INVITATIONS,
    PASSWORD_RESETS,
    SESSIONS,
    SIGN_IN_ATTEMPTS,
)
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import LOG_ENTRIES, USERS

GOOD, NEWER = "four grey herons waiting", "seven red kites circling"
HERE = Browser("192.0.2.1", "A browser")
SETTINGS = RegistrySettings()


@pytest.fixture
def clock(registry: Registry) -> Clock:
    """The registry's clock."""
    assert isinstance(registry.clock, Clock)
    return registry.clock


def add(registry: Registry, name: str, *roles: Role) -> str:
    """Somebody with an account; their id."""
    return people.add_user(registry, COMMAND_LINE, email=f"{name}@example.org", name=name,
                           password=GOOD, roles=roles)  # fmt: skip


def enter(registry: Registry, name: str, password: str = GOOD, browser: Browser = HERE) -> str:
    """Sign somebody in; the session's secret."""
    return sign_in.sign_in(registry, f"{name}@example.org", password, browser)


def viewer(registry: Registry, secret: str) -> Viewer:
    """Who carries a session's secret."""
    return sign_in.asker_of_session(registry, secret).viewer


def logged(registry: Registry, subject: str) -> list[str]:
    """What the log says was done to somebody, in order."""
    with registry.look(VISITOR) as sight:
        asked = select(LOG_ENTRIES).where(LOG_ENTRIES.c.subject == subject)
        rows = sight.connection.execute(asked.order_by(LOG_ENTRIES.c.seq)).all()
    assert all(json.loads(row.payload)["subject"] == subject for row in rows)
    return [row.action for row in rows]


def secret_of(address: str | None) -> str:
    """The secret in the address of a letter."""
    return str(address).rpartition("/")[2]


def test_every_change_stands_in_the_log(registry: Registry, world: World) -> None:
    network = world.network("North")
    boss = viewer(
        registry, enter(registry, "boss") if add(registry, "boss", Role("administrator")) else ""
    )
    ada = add(registry, "ada")
    secret = enter(registry, "ada")
    me = viewer(registry, secret)
    token, _ = own_account.make_token(registry, me, name="t", scopes=frozenset({"read"}), days=1)
    own_account.revoke_token(registry, me, token.token_id)
    own_account.set_password(registry, me, GOOD, NEWER, address="192.0.2.1")
    people.give_role(registry, boss, ada, Role("reader", network))
    people.take_role(registry, boss, ada, Role("reader", network))
    people.disable(registry, boss, ada)
    people.enable(registry, boss, ada)
    assert logged(registry, ada) == [
        "make user", "sign in", "make token", "revoke token", "change password", "end sessions",
        "give role", "take role", "disable", "enable",
    ]  # fmt: skip


def test_nothing_that_is_kept_lets_one_in(registry: Registry, world: World) -> None:
    """A stolen database holds no password, session, token, invitation or letter."""
    network = world.network("North")
    ada = add(registry, "ada", Role("administrator"))
    session = enter(registry, "ada")
    me = viewer(registry, session)
    _, token = own_account.make_token(registry, me, name="t", scopes=frozenset({"read"}), days=1)
    invited = inviting.invite(registry, me, SETTINGS, "new@example.org", Role("reader", network))
    letter = reset.reset_for(registry, me, SETTINGS, ada)
    secrets = [session, token, secret_of(invited.address), secret_of(letter), GOOD]
    with registry.look(VISITOR) as sight:
        kept = "".join(
            str(tuple(row))
            for table in (USERS, SESSIONS, API_TOKENS, INVITATIONS, PASSWORD_RESETS, LOG_ENTRIES)
            for row in sight.connection.execute(select(table))
        )
    assert "argon2id$v=19$m=19456,t=2,p=1" in kept
    assert not [each for each in secrets if each in kept]
    assert len(set(secrets)) == 5
    assert all(len(each) == 43 for each in secrets[:4])


@pytest.mark.parametrize("name", ["nobody", "shut", "ada"])
def test_signing_in_tells_nobody_who_has_an_account(
    registry: Registry, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words and the same work: one verification with today's parameters each."""
    add(registry, "ada")
    people.disable(registry, COMMAND_LINE, add(registry, "shut"))
    checked: list[str] = []
    verify = type(passwords.HASHER).verify
    monkeypatch.setattr(
        type(passwords.HASHER), "verify",
        lambda self, kept, given: checked.append(kept) or verify(self, kept, given),
    )  # fmt: skip
    given = "not the password" if name == "ada" else GOOD
    with pytest.raises(NotSignedIn, match="^the e-mail and the password do not belong together;"):
        enter(registry, name, given)
    (kept,) = checked
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    with registry.look(VISITOR) as sight:
        counted = sight.connection.execute(select(SIGN_IN_ATTEMPTS)).all()
    assert [row.attempts for row in counted] == [1, 1]


def test_an_old_hash_is_made_anew(registry: Registry) -> None:
    from argon2 import PasswordHasher

    ada = add(registry, "ada")
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    with registry.writing() as connection:
        connection.execute(USERS.update().where(USERS.c.user_id == ada), {"password_hash": weak})
    enter(registry, "ada")
    with registry.look(VISITOR) as sight:
        assert "m=19456,t=2,p=1" in str(sight.connection.scalar(select(USERS.c.password_hash)))
    enter(registry, "ada")


def test_case_of_the_address_and_look_of_the_password_do_not_matter(registry: Registry) -> None:
    people.add_user(
        registry,
        COMMAND_LINE,
        email="Ada@Example.org",
        name="Ada",
        password="caf\u00e9 noir, no milk",
    )
    sign_in.sign_in(registry, " ADA@example.ORG", "cafe\u0301 noir, no milk", HERE)
    with pytest.raises(Conflict, match="has an account already"):
        add(registry, "ada")


def test_a_new_session_at_each_sign_in(registry: Registry) -> None:
    """ASVS 7.2.4: what the browser carried before is worth nothing afterwards."""
    add(registry, "ada")
    first = enter(registry, "ada")
    second = enter(registry, "ada", browser=Browser("192.0.2.1", "A browser", session=first))
    assert first != second
    assert viewer(registry, first) is VISITOR
    assert viewer(registry, second).name == "ada"
    # One that somebody else put there is not taken either.
    third = enter(registry, "ada", browser=Browser("192.0.2.1", "", session="planted"))
    assert third != "planted"
    assert viewer(registry, "planted") is VISITOR


def test_sessions_are_listed_and_ended(registry: Registry) -> None:
    add(registry, "ada")
    add(registry, "bo")
    one, two, three = (enter(registry, "ada") for _ in range(3))
    others = enter(registry, "bo")
    me, mine = sign_in.asker_of_session(registry, one)
    assert mine is not None
    listed = own_account.own_account(registry, me).sessions
    assert len(listed) == 3
    gone = next(s for s in listed if s.session_id != mine.session_id)
    own_account.end_session(registry, me, gone.session_id)
    assert sum(viewer(registry, each) is VISITOR for each in (one, two, three)) == 1
    assert own_account.end_other_sessions(registry, me, mine.session_id) == 1
    assert [viewer(registry, each) is VISITOR for each in (one, two, three)] == [False, True, True]
    # Another's session is none (ASVS 8.2.2).
    theirs = own_account.own_account(registry, viewer(registry, others)).sessions[0].session_id
    with pytest.raises(UnknownName, match="no such session"):
        own_account.end_session(registry, me, theirs)
    assert viewer(registry, others).name == "bo"
    sign_in.sign_out(registry, one)
    assert viewer(registry, one) is VISITOR


def test_sessions_end_by_themselves(registry: Registry, clock: Clock) -> None:
    add(registry, "ada")
    idle, used = enter(registry, "ada"), enter(registry, "ada")
    for _ in range(USUAL.lifetime // timedelta(hours=23)):
        clock.pass_(hours=23)
        assert viewer(registry, used).name == "ada"
    assert viewer(registry, idle) is VISITOR
    clock.pass_(hours=23)
    assert viewer(registry, used) is VISITOR


def test_a_new_password_ends_the_other_sessions(registry: Registry) -> None:
    add(registry, "ada")
    one, two = enter(registry, "ada"), enter(registry, "ada")
    me, mine = sign_in.asker_of_session(registry, one)
    assert mine is not None
    with pytest.raises(NotSignedIn, match="not your password now"):
        own_account.set_password(
            registry, me, "wrong one", NEWER, address="x", keep=mine.session_id
        )
    with pytest.raises(InputError, match="at least 12"):
        own_account.set_password(registry, me, GOOD, "short", address="x", keep=mine.session_id)
    own_account.set_password(registry, me, GOOD, NEWER, address="x", keep=mine.session_id)
    assert (viewer(registry, one).name, viewer(registry, two)) == ("ada", VISITOR)
    enter(registry, "ada", NEWER)
    with pytest.raises(NotSignedIn):
        enter(registry, "ada", GOOD)


def test_guesses_at_an_account_have_to_wait(registry: Registry, clock: Clock) -> None:
    """Five go freely, from wherever they come; then even the right password waits."""
    add(registry, "ada")
    for name in ("ada", "nobody"):  # the same for who is not there
        for n in range(5):
            with pytest.raises(NotSignedIn):
                enter(registry, name, "wrong", Browser(f"198.51.100.{n}"))
        with pytest.raises(TooOften, match="wait 30 seconds") as refused:
            enter(registry, name, GOOD, Browser("198.51.100.9"))
        assert refused.value.wait_s == 30
    clock.pass_(seconds=31)
    with pytest.raises(NotSignedIn):
        enter(registry, "ada", "wrong", Browser("198.51.100.10"))
    with pytest.raises(TooOften, match="wait 1 minute "):
        enter(registry, "ada", GOOD, Browser("198.51.100.10"))
    clock.pass_(minutes=1)
    enter(registry, "ada")
    with pytest.raises(NotSignedIn):
        enter(registry, "ada", "wrong")  # all is forgiven, so no wait


def test_guesses_from_an_address_have_to_wait(registry: Registry, clock: Clock) -> None:
    """Many accounts from one line, whose last 64 bits the guesser may choose (ASVS 6.3.1)."""
    from triplehelix.registry.limits import SIGN_IN_FROM_ADDRESS

    for n in range(SIGN_IN_FROM_ADDRESS.free):
        sign_in.count_sign_in(registry, f"{n}@example.org", f"2001:db8:1:2::{n:x}")
    with pytest.raises(TooOften, match="wait 10 seconds"):
        sign_in.count_sign_in(registry, "ada@example.org", "2001:db8:1:2:ffff::1")
    sign_in.count_sign_in(registry, "ada@example.org", "2001:db8:1:3::1")
    clock.pass_(hours=2)
    sign_in.count_sign_in(registry, "ada@example.org", "2001:db8:1:2::1")


def test_guesses_made_at_once_are_all_counted(registry: Registry) -> None:
    add(registry, "ada")
    met: list[str] = []

    def guess(n: int) -> None:
        try:
            enter(registry, "ada", "wrong", Browser(f"203.0.113.{n}"))
        except TripleHelixError as err:
            met.append(type(err).__name__)

    _at_once(guess, 12)
    assert sorted(met) == ["NotSignedIn"] * 5 + ["TooOften"] * 7


def test_a_disabled_user_s_session_and_token_stop_at_the_next_request(registry: Registry) -> None:
    ada = add(registry, "ada")
    session = enter(registry, "ada")
    me = viewer(registry, session)
    _, token = own_account.make_token(registry, me, name="t", scopes=frozenset({"read"}), days=9)
    assert sign_in.viewer_of_token(registry, token).user_id == ada
    people.disable(registry, COMMAND_LINE, ada)
    assert viewer(registry, session) is VISITOR
    with pytest.raises(NotSignedIn, match="unknown, was revoked or has expired"):
        sign_in.viewer_of_token(registry, token)
    # Opened again, what was given out before stays dead.
    people.enable(registry, COMMAND_LINE, ada)
    assert viewer(registry, session) is VISITOR
    with pytest.raises(NotSignedIn):
        sign_in.viewer_of_token(registry, token)


def test_tokens_have_scopes_and_an_end(registry: Registry, clock: Clock, world: World) -> None:
    network = world.network("North")
    ada = add(registry, "ada", Role("steward", network))
    me = viewer(registry, enter(registry, "ada"))
    made = {
        scope: own_account.make_token(registry, me, name=scope, scopes=frozenset({scope}), days=2)[
            1
        ]
        for scope in ("read", "write")
    }
    reads, writes = (sign_in.viewer_of_token(registry, made[s]) for s in ("read", "write"))
    assert reads.grants == writes.grants == me.grants
    assert (reads.scopes, writes.scopes) == ({"read"}, {"read", "write"})
    with registry.change(writes) as change:
        change.update("network", network, {"name": "North"})
    for act in (
        lambda: own_account.make_token(
            registry, reads, name="w", scopes=frozenset({"write"}), days=1
        ),
        lambda: own_account.end_other_sessions(registry, reads, None),
        lambda: inviting.invite(
            registry, reads, SETTINGS, "x@example.org", Role("reader", network)
        ),
        lambda: own_account.set_password(registry, reads, GOOD, NEWER, address="x"),
    ):
        with pytest.raises(Forbidden):
            act()
    # A demoted user's token loses the power too.
    people.take_role(registry, COMMAND_LINE, ada, Role("steward", network))
    assert f"steward:{network}" not in sign_in.viewer_of_token(registry, made["write"]).grants
    clock.pass_(days=2)
    for secret in (*made.values(), "made up", ""):
        with pytest.raises(NotSignedIn):
            sign_in.viewer_of_token(registry, secret)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 366}, {"scopes": frozenset({"admin"})},
                                   {"scopes": frozenset()}, {"name": " "}])  # fmt: skip
def test_tokens_that_are_none(registry: Registry, wrong: dict[str, object]) -> None:
    add(registry, "ada")
    me = viewer(registry, enter(registry, "ada"))
    sound = {"name": "t", "scopes": frozenset({"read"}), "days": 1}
    with pytest.raises(InputError, match="a token"):
        own_account.make_token(registry, me, **(sound | wrong))  # type: ignore[arg-type]


def test_another_s_tokens_are_not_ours(registry: Registry) -> None:
    ada, bo = add(registry, "ada"), add(registry, "bo")
    hers = viewer(registry, enter(registry, "ada"))
    token, _ = own_account.make_token(registry, hers, name="t", scopes=frozenset({"read"}), days=1)
    his = viewer(registry, enter(registry, "bo"))
    with pytest.raises(UnknownName, match="no such token"):
        own_account.revoke_token(registry, his, token.token_id)
    for act in (
        own_account.tokens,
        lambda r, v, u: own_account.revoke_token(r, v, token.token_id, u),
    ):
        with pytest.raises(Forbidden, match="another's tokens"):
            act(registry, his, ada)
    assert own_account.tokens(registry, COMMAND_LINE, bo) == []


def test_a_letter_sets_a_password_once(registry: Registry, clock: Clock) -> None:
    ada = add(registry, "ada")
    session = enter(registry, "ada")
    older = secret_of(reset.reset_for(registry, COMMAND_LINE, SETTINGS, ada))
    letter = secret_of(reset.reset_for(registry, COMMAND_LINE, SETTINGS, ada))
    with pytest.raises(InputError, match="at least 12"):
        reset.reset(registry, letter, "short")
    reset.reset(registry, letter, NEWER)
    assert viewer(registry, session) is VISITOR
    enter(registry, "ada", NEWER)
    for dead in (letter, older, "made-up", ""):
        with pytest.raises(UnknownName, match="no such letter"):
            reset.reset(registry, dead, GOOD)
    late = secret_of(reset.reset_for(registry, COMMAND_LINE, SETTINGS, ada))
    clock.pass_(minutes=60)
    with pytest.raises(UnknownName, match="no such letter"):
        reset.reset(registry, late, GOOD)


def test_asking_for_a_letter_does_the_same_for_all(registry: Registry) -> None:
    add(registry, "ada")
    for name in ("ada", "nobody"):
        for n in range(3):
            reset.request_reset(registry, f"{name}@example.org", f"192.0.2.{n}")
        with pytest.raises(TooOften, match="wait 5 minutes"):
            reset.request_reset(registry, f"{name}@example.org", "192.0.2.9")
    # And what comes after the answer makes a letter for the one alone.
    for name in ("ada", "nobody"):
        reset.send_reset(registry, SETTINGS, f"{name}@example.org")
    with registry.look(VISITOR) as sight:
        assert len(sight.connection.execute(select(PASSWORD_RESETS)).all()) == 1


def test_an_invitation_is_for_one_address_one_role_and_once(
    registry: Registry, world: World, clock: Clock
) -> None:
    north = world.network("North")
    leeds = world.member("Leeds", north)
    add(registry, "bo", Role("steward", north))
    add(registry, "ada")
    steward = viewer(registry, enter(registry, "bo"))
    made = inviting.invite(registry, steward, SETTINGS, "Ada@example.org", Role("member", leeds))
    secret = secret_of(made.address)
    add(registry, "eve")
    eve = viewer(registry, enter(registry, "eve"))
    with pytest.raises(Forbidden, match="for another e-mail address"):
        inviting.accept(registry, eve, secret)
    with pytest.raises(Conflict, match="has an account; sign in"):
        inviting.accept_as_newcomer(registry, secret, name="Eve", password=NEWER, browser=HERE)
    for forged in (
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        secret + "A",
        "",
        secret.upper(),
    ):
        with pytest.raises(UnknownName, match="no such invitation"):
            inviting.offer(registry, forged)
    session = enter(registry, "ada")
    assert inviting.accept(registry, viewer(registry, session), secret) == Role("member", leeds)
    assert viewer(registry, session).members == (leeds,)
    with pytest.raises(UnknownName, match="no such invitation"):
        inviting.accept(registry, viewer(registry, session), secret)
    late = inviting.invite(registry, steward, SETTINGS, "ada@example.org", Role("reader", north))
    clock.pass_(days=14)
    with pytest.raises(UnknownName, match="no such invitation"):
        inviting.offer(registry, secret_of(late.address))


def test_an_invitation_used_by_many_at_once_gives_one_account(
    registry: Registry, world: World
) -> None:
    north = world.network("North")
    made = inviting.invite(
        registry, COMMAND_LINE, SETTINGS, "new@example.org", Role("reader", north)
    )
    got: list[str] = []

    def take(n: int) -> None:
        try:
            got.append(inviting.accept_as_newcomer(
                registry, secret_of(made.address), name=f"New {n}", password=NEWER, browser=HERE,
            ))  # fmt: skip
        except (UnknownName, Conflict):
            got.append("")
        except Exception as err:  # a refusal of the database is one too, if nothing is left of it
            got.append("" if "IntegrityError" in type(err).__name__ else repr(err))

    _at_once(take, 6)
    assert sorted(map(bool, got)) == [False] * 5 + [True]
    (user,) = people.users(registry, COMMAND_LINE)
    assert user.roles == (Role("reader", north),)


def test_an_invitation_by_who_was_dismissed_is_worth_nothing(
    registry: Registry, world: World
) -> None:
    north = world.network("North")
    bo = add(registry, "bo", Role("steward", north))
    steward = viewer(registry, enter(registry, "bo"))
    made = inviting.invite(registry, steward, SETTINGS, "new@example.org", Role("steward", north))
    people.take_role(registry, COMMAND_LINE, bo, Role("steward", north))
    with pytest.raises(UnknownName, match="no such invitation"):
        inviting.accept_as_newcomer(registry, secret_of(made.address), name="New", password=NEWER,
                                    browser=HERE)  # fmt: skip
    assert [user.name for user in people.users(registry, COMMAND_LINE)] == ["bo"]


def test_stewards_give_what_is_theirs_and_see_nobody_else(registry: Registry, world: World) -> None:
    north, south = world.network("North"), world.network("South")
    hidden = world.network("Hidden", "private")
    leeds, york = world.member("Leeds", north), world.member("York", south)
    world.join(north, york)  # in the network, but not looked after by it
    add(registry, "bo", Role("steward", north))
    mine, theirs = (
        add(registry, "mine", Role("member", leeds)),
        add(registry, "theirs", Role("member", york)),
    )
    both = add(
        registry, "both", Role("member", leeds), Role("administrator"), Role("reader", south)
    )
    steward = viewer(registry, enter(registry, "bo"))
    assert {user.name: user.roles for user in people.users(registry, steward)} == {
        "bo": (Role("steward", north),), "mine": (Role("member", leeds),),
        "both": (Role("member", leeds),),
    }  # fmt: skip
    assert dict(people.kept_records(registry, steward)) == {north: "North", leeds: "Leeds"}
    for unknown in (theirs, "us_" + "0" * 26, "nonsense"):
        with pytest.raises(UnknownName, match="^there is no such user, or it is not shown to you"):
            people.user(registry, steward, unknown)
        with pytest.raises(UnknownName, match="no such user"):
            people.give_role(registry, steward, unknown, Role("reader", north))
    people.give_role(registry, steward, mine, Role("steward", north))
    for role in (Role("administrator"), Role("reader", south), Role("member", york)):
        with pytest.raises(Forbidden, match="may not give or take"):
            people.give_role(registry, steward, mine, role)
        with pytest.raises(Forbidden, match="may not give or take"):
            inviting.invite(registry, steward, SETTINGS, "x@example.org", role)
    for absent in (hidden, "nw_" + "0" * 26):
        with pytest.raises(UnknownName, match="^there is no such network, or"):
            people.give_role(registry, steward, mine, Role("reader", absent))
    with pytest.raises(Forbidden):
        people.take_role(registry, steward, both, Role("administrator"))
    for act in (people.disable, people.enable):
        with pytest.raises(Forbidden):
            act(registry, steward, mine)
    with pytest.raises(Forbidden):
        reset.reset_for(registry, steward, SETTINGS, mine)


def test_open_invitations_are_seen_by_who_could_give_them(registry: Registry, world: World) -> None:
    north, south = world.network("North"), world.network("South")
    add(registry, "bo", Role("steward", north))
    steward = viewer(registry, enter(registry, "bo"))
    for to, network in (("a", north), ("b", south)):
        inviting.invite(
            registry, COMMAND_LINE, SETTINGS, f"{to}@example.org", Role("reader", network)
        )
    (mine,) = inviting.invitations_open(registry, steward)
    other = next(i for i in inviting.invitations_open(registry, COMMAND_LINE) if i.email[0] == "b")
    with pytest.raises(UnknownName, match="no such invitation"):
        inviting.withdraw(registry, steward, other.invitation_id)
    inviting.withdraw(registry, steward, mine.invitation_id)
    assert inviting.invitations_open(registry, steward) == []
    assert len(inviting.invitations_open(registry, COMMAND_LINE)) == 1


def test_somebody_stays_administrator(registry: Registry) -> None:
    one = add(registry, "one", Role("administrator"))
    two = add(registry, "two", Role("administrator"))
    people.disable(registry, COMMAND_LINE, two)
    for act in (lambda: people.disable(registry, COMMAND_LINE, one),
                lambda: people.take_role(registry, COMMAND_LINE, one, Role("administrator"))):  # fmt: skip
        with pytest.raises(Conflict, match="nobody would be administrator"):
            act()
    people.enable(registry, COMMAND_LINE, two)
    people.take_role(registry, COMMAND_LINE, one, Role("administrator"))


def test_a_demoted_administrator_is_none_at_the_next_request(registry: Registry) -> None:
    one = add(registry, "one", Role("administrator"))
    add(registry, "two", Role("administrator"))
    session = enter(registry, "one")
    assert viewer(registry, session).everything
    people.take_role(registry, COMMAND_LINE, one, Role("administrator"))
    assert not viewer(registry, session).everything


def _at_once(act, n: int) -> None:  # type: ignore[no-untyped-def]
    start = threading.Barrier(n)

    def run(i: int) -> None:
        start.wait()
        act(i)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
