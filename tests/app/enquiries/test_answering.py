"""From asked to answered and closed: who can do what, whom it is with, what time does."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.enquiries.stage import WORDS, Stage
from triplehelix.app.enquiries import desk, following
from triplehelix.app.enquiries.letters import receipt, remind, waiting_for
from triplehelix.app.enquiries.sweeping import Swept, sweep
from triplehelix.app.registry import log
from triplehelix.app.registry.persons import erase_person, export_person
from triplehelix.errors import Forbidden, InputError, NotSignedIn, SourceError, UnknownName
from triplehelix.registry.enquiries import EnquiryRules
from triplehelix.registry.viewer import COMMAND_LINE

RULES = EnquiryRules()


@pytest.fixture
def stage(world, small):
    return Stage(world, small)


def state(stage, asked):
    return following.sent(stage.registry, asked.secret, RULES).enquiry.state


def actions(stage, asked):
    found = log.audit(stage.registry, COMMAND_LINE, subject=asked.enquiry_id)
    return [each.action for each in reversed(found)]


def test_an_answer_reaches_whoever_asked_and_is_told_as_the_desks(stage):
    asked = stage.ask(asset=stage.cycler)
    stage.registry.clock.pass_(days=2)
    desk.reply(stage.registry, stage.as_("stu"), asked.enquiry_id, "Yes, from May.")
    found = following.sent(stage.registry, asked.secret, RULES)
    assert found.enquiry.state == "answered"
    assert (found.enquiry.answered_at - found.enquiry.made_at).days == 2
    assert [(e.event.side, e.event.act, e.event.text) for e in found.events] == [
        ("asker", "enquire", None), ("desk", "answer", "Yes, from May.")]  # fmt: skip
    # Who of the stewards it was stands in the log alone.
    assert "us_" not in repr(found)
    [_, entry] = log.audit(stage.registry, COMMAND_LINE, subject=asked.enquiry_id)[::-1]
    assert (entry.action, entry.actor) == ("answer enquiry", stage.as_("stu").user_id)
    first = found.enquiry.answered_at
    stage.registry.clock.pass_(days=1)
    desk.reply(stage.registry, stage.as_("ann"), asked.enquiry_id, "And a second one.")
    again = following.sent(stage.registry, asked.secret, RULES)
    assert again.enquiry.answered_at == first and len(again.events) == 3


def test_handing_over_moves_ones_own_part_with_the_reason(stage):
    asked = stage.ask(asset=stage.cycler)
    now = desk.pass_on(stage.registry, stage.as_("stu"), asked.enquiry_id, stage.south, "Theirs.")
    assert [one.name for one in now] == ["Alpha", "South"]
    with pytest.raises(UnknownName):
        desk.enquiry(stage.registry, stage.as_("stu"), asked.enquiry_id)
    found = desk.enquiry(stage.registry, stage.as_("sue"), asked.enquiry_id)
    assert found.asker.text == WORDS["text"]
    assert found.events[-1].event.text == "Theirs."
    assert [one.name for one in found.events[-1].to] == ["South"]
    assert state(stage, asked) == "passed on"
    assert desk.enquiry(stage.registry, stage.as_("ann"), asked.enquiry_id).enquiry
    # The other part goes to the same network: it is there once.
    now = desk.pass_on(stage.registry, stage.as_("ann"), asked.enquiry_id, stage.south, "Too.")
    assert [one.name for one in now] == ["South"]


def test_to_the_front_desk_and_back(stage):
    asked = stage.ask(cluster="aaaa0001")
    desk.pass_on(stage.registry, stage.as_("sue"), asked.enquiry_id, None, "We cannot.")
    assert desk.desk(stage.registry, stage.as_("sue")).waiting == []
    [row] = desk.desk(stage.registry, stage.as_("ada")).waiting
    assert (row.to, row.at_desk) == ([], True)
    desk.pass_on(stage.registry, stage.as_("ada"), asked.enquiry_id, stage.north, "You can.")
    assert desk.enquiry(stage.registry, stage.as_("stu"), asked.enquiry_id).enquiry.to == (
        stage.north,)  # fmt: skip


def test_what_cannot_be_done_is_told(stage):
    asked = stage.ask(network=stage.north)
    registry, stu = stage.registry, stage.as_("stu")
    with pytest.raises(InputError, match="nobody reads for this network yet; choose another"):
        desk.pass_on(registry, stu, asked.enquiry_id, stage.east, "Why not")
    with pytest.raises(InputError, match="it is there already"):
        desk.pass_on(registry, stu, asked.enquiry_id, stage.north, "Why not")
    with pytest.raises(InputError, match="the reason has 0 characters"):
        desk.pass_on(registry, stu, asked.enquiry_id, stage.south, " ")
    with pytest.raises(InputError, match="cannot be closed as done; unanswered or no enquiry"):
        desk.close(registry, stu, asked.enquiry_id, "done")
    with pytest.raises(InputError, match="give done, unanswered, no enquiry"):
        desk.close(registry, stu, asked.enquiry_id, "lost")
    reader = replace(stu, scopes=frozenset({"read"}))
    for do in (lambda: desk.reply(registry, reader, asked.enquiry_id, "x"),
               lambda: desk.close(registry, reader, asked.enquiry_id, "unanswered")):  # fmt: skip
        with pytest.raises(Forbidden, match="may only read"):
            do()
    assert actions(stage, asked) == ["enquire"]
    desk.close(registry, stu, asked.enquiry_id, "unanswered", "Nobody can.")
    with pytest.raises(InputError, match="is closed and cannot be dealt with by answer"):
        desk.reply(registry, stu, asked.enquiry_id, "Late")
    assert actions(stage, asked) == ["enquire", "close enquiry"]


def test_whoever_asked_takes_it_back_by_the_secret_alone(stage):
    asked = stage.ask()
    with pytest.raises(UnknownName, match="there is no such enquiry"):
        following.withdraw(stage.registry, "x" * 43)
    following.withdraw(stage.registry, asked.secret)
    assert state(stage, asked) == "withdrawn"
    with pytest.raises(InputError, match="cannot be dealt with by withdraw"):
        following.withdraw(stage.registry, asked.secret)
    assert actions(stage, asked) == ["enquire", "withdraw enquiry"]


def test_what_was_asked_with_an_account_is_found_there(stage):
    asked = stage.ask("sam", asset=stage.cycler)
    other = stage.ask("ann")
    registry, sam = stage.registry, stage.as_("sam")
    assert [one.enquiry_id for one in following.my_enquiries(registry, sam)] == [asked.enquiry_id]
    found = following.my_enquiry(registry, sam, asked.enquiry_id, RULES)
    assert found.asker.text == WORDS["text"]
    for do in (following.withdraw_mine, following.erase_mine):
        with pytest.raises(UnknownName):
            do(registry, sam, other.enquiry_id)
    with pytest.raises(NotSignedIn):
        following.my_enquiries(registry, stage.as_(""))
    following.withdraw_mine(registry, sam, asked.enquiry_id)
    following.erase_mine(registry, sam, asked.enquiry_id)
    [row] = following.my_enquiries(registry, stage.as_("ann"))
    assert row.enquiry_id == other.enquiry_id


def test_names_of_what_is_not_public_do_not_stand_on_the_secret_page(stage):
    """Somebody signed in asks about what only they see; the secret address shows no more of it."""
    shown = stage.world.asset("Shown to some", stage.alpha, "signed-in", network=stage.north)
    asked = stage.ask("sam", asset=shown)
    found = following.sent(stage.registry, asked.secret, RULES)
    assert found.about is None and found.enquiry.about == ""
    assert following.my_enquiries(stage.registry, stage.as_("sam"))[0].about == "Shown to some"


def everything(registry):
    path = Path(registry.engine.url.database)
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*")).lower()


@pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
def test_what_is_erased_is_gone_from_the_file(stage):
    asked = stage.ask(network=stage.north)
    desk.reply(stage.registry, stage.as_("stu"), asked.enquiry_id, "Dear Zanzibar, yes.")
    assert b"quark" in everything(stage.registry) and b"zanzibar" in everything(stage.registry)
    following.erase(stage.registry, asked.secret)
    left = everything(stage.registry)
    assert [word for word in (b"quark", b"zanzibar", b"swab tests") if word in left] == []


def test_erasing_leaves_the_count_and_no_word(stage):
    asked = stage.ask(network=stage.north)
    stage.registry.clock.pass_(hours=5)
    desk.reply(stage.registry, stage.as_("stu"), asked.enquiry_id, "Dear Jo, yes.")
    following.erase(stage.registry, asked.secret)
    following.erase(stage.registry, asked.secret)
    found = following.sent(stage.registry, asked.secret, RULES)
    assert found.asker is None and {e.event.text for e in found.events} == {None}
    assert (found.enquiry.state, found.enquiry.closing) == ("closed", "done")
    assert found.enquiry.answered_at is not None
    seen = desk.enquiry(stage.registry, stage.as_("stu"), asked.enquiry_id)
    assert seen.asker is None and seen.enquiry.erased_at == stage.registry.clock()
    assert actions(stage, asked) == [
        "enquire", "answer enquiry", "close enquiry", "erase enquiry"]  # fmt: skip


def test_a_person_gets_what_they_asked_and_erases_it_with_themselves(stage):
    asked = stage.ask("sam")
    by_mail = stage.ask(email="SAM@example.org")
    other = stage.ask()
    sam = stage.as_("sam")
    rows = export_person(stage.registry, sam, sam.user_id)["tables"]["enquiry_askers"]
    assert {row["enquiry_id"] for row in rows} == {asked.enquiry_id, by_mail.enquiry_id}
    assert all(row["text"] == WORDS["text"] and "seen_by" not in row for row in rows)
    erase_person(stage.registry, sam, sam.user_id)
    for one, gone in ((asked, True), (by_mail, True), (other, False)):
        assert (following.sent(stage.registry, one.secret, RULES).asker is None) is gone
    assert actions(stage, asked)[-1] == "erase enquiry"


def test_time_closes_and_erases_and_says_so_in_the_log(stage):
    answered, ignored, taken_back = (stage.ask(network=stage.north) for _ in range(3))
    desk.reply(stage.registry, stage.as_("stu"), answered.enquiry_id, "Yes.")
    following.withdraw(stage.registry, taken_back.secret)
    clock = stage.registry.clock
    clock.pass_(days=29)
    assert sweep(stage.registry, RULES) == Swept(0, 0, 0)
    clock.pass_(days=1)
    assert sweep(stage.registry, RULES) == Swept(1, 0, 0)
    clock.pass_(days=60)
    assert sweep(stage.registry, RULES) == Swept(0, 0, 1)  # taken back 90 days ago
    clock.pass_(days=275)
    assert sweep(stage.registry, RULES) == Swept(0, 1, 1)
    clock.pass_(days=90)
    assert sweep(stage.registry, RULES) == Swept(0, 0, 1)
    assert sweep(stage.registry, RULES) == Swept(0, 0, 0)
    assert actions(stage, ignored) == ["enquire", "close enquiry", "erase enquiry"]
    found = following.sent(stage.registry, ignored.secret, RULES)
    assert found.enquiry.closing == "unanswered" and found.events[1].event.side == "time"


def test_reminders_go_to_those_it_is_with_once_a_day_at_most(stage):
    sent = []

    def mailer(to, subject, text):
        sent.append((to[0], subject, text))

    def remind_now():
        sent.clear()
        remind(stage.registry, mailer, RULES, base_url="https://atlas.example.org")
        return sorted(to for to, _, _ in sent)

    asked = stage.ask(asset=stage.cycler)
    assert remind_now() == ["ann@example.org", "stu@example.org"]
    [_, subject, text] = sent[0]
    assert subject == "1 enquiry waits for an answer"
    assert f"https://atlas.example.org/enquiries/{asked.enquiry_id}" in text
    assert "quark" not in text.lower() and "swab" not in text
    clock = stage.registry.clock
    clock.pass_(hours=23)
    assert remind_now() == []
    clock.pass_(hours=1)
    assert remind_now() == []  # nothing new, and not yet three days
    stage.ask(network=stage.north)
    assert remind_now() == ["stu@example.org"]
    clock.pass_(days=3)
    assert remind_now() == ["ann@example.org", "stu@example.org"]
    # After three reminders the front desk is told too.
    clock.pass_(days=6)
    assert remind_now() == ["ada@example.org", "ann@example.org", "stu@example.org"]
    assert [one.enquiry_id for one in waiting_for(stage.registry, stage.as_("ada"), RULES)][0] == (
        asked.enquiry_id)  # fmt: skip


def test_a_letter_that_fails_is_tried_again(stage):
    stage.ask(network=stage.north)

    def fails(to, subject, text):
        raise SourceError("the server is away")

    done = remind(stage.registry, fails, RULES, base_url="")
    assert (done.sent, done.failed) == (0, 1)
    sent = []
    assert remind(stage.registry, lambda *said: sent.append(said), RULES, base_url="").sent == 1


def test_the_receipt_carries_the_way_and_not_a_word_of_the_asker(stage):
    subject, text = receipt("https://atlas.example.org", "s" * 43, ["North"], RULES)
    assert f"https://atlas.example.org/enquiries/sent/{'s' * 43}" in text
    assert "North" in text and "90 days" in text and subject == "Your enquiry"
