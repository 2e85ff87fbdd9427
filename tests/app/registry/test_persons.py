"""A person's own data, given to them and erased: not a word of it is left in the file."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.registry_worlds import an_id
from triplehelix.app.registry import log
from triplehelix.app.registry.persons import erase_person, export_person
from triplehelix.errors import Conflict, Forbidden, UnknownName
from triplehelix.registry.notes import SigningKey
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry.log_tables import MAILED
from triplehelix.store.registry.sealing import seal
from triplehelix.store.registry.tables import USERS

KEY = SigningKey("registry.example.org/log", bytes(32))
EMAIL, NAME = "zoe.quark-łódź@example.org", "Zoë Quark"
CONTACT = {"name": NAME, "email": EMAIL, "telephone": "+44 7700 900900"}


@pytest.fixture
def zoe(registry, world):
    """Somebody who acts for A, stands in records of A and of B, and has changed things."""
    a, b = world.member("A"), world.member("B")
    user = world.user("placeholder", ("member", a))
    world.user("Root", ("administrator", ""))
    with registry.writing() as connection:
        connection.execute(
            update(USERS).where(USERS.c.user_id == user), {"email": EMAIL, "name": NAME}
        )
        connection.execute(insert(MAILED), {"user_id": user, "size": 1})
    world.asset("Scope", a, contacts=[CONTACT, {"name": "Desk", "email": "desk@example.org"}],
                access=f"Write to {EMAIL.upper()}.", description=f"<p>Ask {NAME} first</p>")  # fmt: skip
    world.asset("Hidden", b, "private", contacts=[CONTACT])
    world.asset("Untouched", b)
    with registry.change(world.viewer(user)) as change:
        change.confirm("asset", an_id("asset", "Scope"))
        change.log(user, "sign in", how=f"as {EMAIL}")
    seal(registry, KEY, interval=None)
    return user


def admin(world):
    return world.viewer(an_id("user", "Root"))


def file_bytes(registry):
    """The database's file and all that lies beside it."""
    path = Path(registry.engine.url.database)
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def spellings(text):
    """As it may stand in a file: UTF-8, and JSON with escapes, in any case."""
    return {text.encode().lower(), text.encode("ascii", "backslashreplace").lower(),
            text.encode("unicode_escape").lower()}  # fmt: skip


def test_they_get_what_is_kept_of_them(registry, world, zoe):
    for viewer in (world.viewer(zoe), admin(world)):
        found = export_person(registry, viewer, zoe)
        [row] = found["tables"]["users"]
        assert (row["email"], row["name"]) == (EMAIL, NAME)
        assert "password_hash" not in row
        assert set(found["tables"]) == {"users", "roles", "log_mailed"}
        assert [each["action"] for each in found["log"]] == ["sign in"]
        assert [each["action"] for each in found["acts"]] == ["confirm", "sign in"]
    assert set(found["records"]) == {an_id("asset", "Scope"), an_id("asset", "Hidden")}
    assert set(export_person(registry, world.viewer(zoe), zoe)["records"]) == {
        an_id("asset", "Scope")
    }


def test_nobody_else_does(registry, world, zoe):
    other = world.viewer(world.user("Other"))
    said = set()
    for viewer, asked in ((other, zoe), (VISITOR, zoe), (other, an_id("user", "none")),
                          (admin(world), an_id("user", "none")), (VISITOR, "")):  # fmt: skip
        for question in (export_person, erase_person):
            with pytest.raises(UnknownName, match="there is no such user") as raised:
                question(registry, viewer, asked)
            said.add(str(raised.value))
    assert len(said) == 1


def test_an_administrator_erases_them_everywhere(registry, world, zoe):
    done = erase_person(registry, admin(world), zoe)
    assert (done.records, done.left, done.compacted) == (2, (), True)
    assert done.entries == 3  # two creations that name them, and their sign-in
    with registry.look(COMMAND_LINE) as sight:
        scope = sight.record("asset", an_id("asset", "Scope")).fields
        assert scope["contacts"] == [{"name": "Desk", "email": "desk@example.org"}]
        assert scope["access"] == "Write to (erased)."
        assert scope["description"] == "<p>Ask (erased) first</p>"
        assert "contacts" not in sight.record("asset", an_id("asset", "Hidden")).fields
        assert sight.record("asset", an_id("asset", "Untouched")).version == 1
    assert not world.viewer(zoe).grants
    with pytest.raises(UnknownName):
        export_person(registry, COMMAND_LINE, zoe)


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_no_word_of_them_is_left_in_the_file(registry, world, zoe):
    before = file_bytes(registry).lower()
    words = [*spellings(EMAIL), *spellings(NAME), b"900900"]
    assert [word for word in words if word in before], "what is looked for is there at first"
    erase_person(registry, admin(world), zoe)
    after = file_bytes(registry).lower()
    assert [word for word in words if word in after] == []
    assert b"untouched" in after


def test_the_log_still_verifies_and_says_how_much_was_erased(registry, world, zoe):
    held = log.checkpoint(registry)
    done = erase_person(registry, admin(world), zoe)
    for _ in range(2):
        found = log.verify(registry, held)
        assert found.faults == ()
        assert found.erased == done.entries
        seal(registry, KEY, interval=None)
    entries = log.audit(registry, admin(world))
    erasures = [each for each in entries if each.action == "erase"]
    assert {each.subject for each in erasures} == {
        zoe, an_id("asset", "Scope"), an_id("asset", "Hidden")}  # fmt: skip
    assert all(each.actor == an_id("user", "Root") for each in erasures)
    gone = {each.entry_id for each in entries if each.said is None}
    assert gone == {one for each in erasures for one in each.said["entries"]}
    proof = log.proof(registry, admin(world), next(iter(gone)))
    assert (proof["text"], proof["salt"]) == (None, None)


def test_they_can_erase_themselves_and_do_no_harm_by_their_name(registry, world):
    """A name can be chosen: one that is another's word is cut out of nobody's texts."""
    world.asset("Mass Spectrometer", world.member("B"), access="Mass Spectrometer at night")
    user = world.user("Mass Spectrometer")
    done = erase_person(registry, world.viewer(user), user)
    assert (done.records, done.entries, done.left) == (0, 0, ())
    with registry.look(COMMAND_LINE) as sight:
        fields = sight.record("asset", an_id("asset", "Mass Spectrometer")).fields
    assert fields["access"] == "Mass Spectrometer at night"
    with pytest.raises(UnknownName):
        export_person(registry, COMMAND_LINE, user)


def test_a_token_that_may_only_read_erases_nobody(registry, world, zoe):
    for viewer in (world.viewer(zoe), admin(world)):
        with pytest.raises(Forbidden, match="may only read"):
            erase_person(registry, replace(viewer, scopes=frozenset({"read"})), zoe)
    assert export_person(registry, world.viewer(zoe), zoe)["user"] == zoe


def test_the_last_administrator_stays(registry, world):
    user = world.user("Root", ("administrator", ""))
    with pytest.raises(Conflict, match="last administrator; make somebody else"):
        erase_person(registry, world.viewer(user), user)
    world.user("Other", ("administrator", ""))
    erase_person(registry, world.viewer(user), user)
    with pytest.raises(Conflict, match="last administrator"):
        erase_person(registry, COMMAND_LINE, an_id("user", "Other"))
