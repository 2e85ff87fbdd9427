"""
Whatever is changed is in the audit log, in the same transaction.

The changing functions are found in the modules of `app.registry` and `app.calls`, and the routes
that could change something in the application's router: what is added has to be tried here too.
"""

import ast
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

import triplehelix
from tests.app.calls.staged import CAPABILITIES, FIRST, LAST, Stage, halves
from tests.app.registry.uniquip_files import written
from tests.registry.asking import questions
from tests.registry.watched import transactions
from triplehelix.app.calls import commitments, finding, following, proposals, records, sealed
from triplehelix.app.calls.asked import ByHand
from triplehelix.app.calls.running import start_solve, wait_for
from triplehelix.app.calls.runs import Solves
from triplehelix.app.calls.solver import Found
from triplehelix.app.enquiries import asking, desk
from triplehelix.app.enquiries import following as asked_by
from triplehelix.app.enquiries.topic import Topic
from triplehelix.app.registry import (
    assets,
    freshness,
    importing,
    members,
    network_changes,
    persons,
    queue,
)
from triplehelix.registry.capacity import Promise
from triplehelix.registry.enquiries import checked_asker
from triplehelix.registry.viewer import COMMAND_LINE
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.account_tables import SIGN_IN_ATTEMPTS
from triplehelix.store.registry.tables import LOG_ENTRIES, RESERVATIONS

ON_SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)
NEED = {"need": "tests", "capability": "pcr-testing", "amount": 8, "unit": "samples/day"}


def changing() -> dict[str, Callable[..., Any]]:
    """Every public function of the application that opens a change of a registry's records."""
    return {
        name: function for name, function in questions().items()
        if "change" in function.__code__.co_names
    }  # fmt: skip


class Doing:
    """
    For each changing function a way to do it once, so that something is changed.

    What has to be there before is made when the way is looked up.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage, self.registry = stage, stage.registry
        self.asset, self.member = stage.assets[0], stage.members[0]

    def way(self, name: str) -> Callable[[], Any]:
        """What does it; an error that names what is missing here."""
        own = getattr(self, name.replace(".", "_"), None)
        assert own, (
            f"{name} changes records: give it a way to be done once in {Path(__file__).name}"
        )
        made: Callable[[], Any] = own()
        return made

    def by(self, who: str, function: Callable[..., Any], *asked: Any, **more: Any) -> Any:
        """A function that somebody of the stage is to call."""
        return lambda: function(self.registry, self.stage.as_(who), *asked, **more)

    def registry_assets_add_asset(self):
        return self.by("ann", assets.add_asset, {"name": "New", "kind": "equipment"},
                       Holder(self.member))  # fmt: skip

    def registry_assets_edit_asset(self):
        return self.by("ann", assets.edit_asset, self.asset, {"name": "New", "kind": "equipment"})

    def registry_assets_share_asset(self):
        return self.by("ann", assets.share_asset, self.asset, {"*": "private"})

    def registry_assets_confirm_records(self):
        return self.by("ann", assets.confirm_records, "asset", [self.asset])

    def registry_assets_remove_asset(self):
        return self.by("ann", assets.remove_asset, self.asset)

    def registry_assets_put_capacity(self):
        return self.by("ann", assets.put_capacity, self.asset,
                       {"capability": "pcr-testing", "amount": 5, "unit": "samples"})  # fmt: skip

    def registry_assets_remove_capacity(self):
        return self.by("ann", assets.remove_capacity, self.asset, self.stage.capacities[0])

    def registry_assets_reserve(self):
        return self.by("ann", assets.reserve, self.stage.capacities[0],
                       Promise(1.0, FIRST, LAST), "Ours")  # fmt: skip

    def registry_assets_release(self):
        return self.by("ann", assets.release, self.registry_assets_reserve()())

    def registry_freshness_confirm_all(self):
        return self.by("ann", freshness.confirm_all, self.member)

    def registry_importing_import_file(self):
        return self.by("ann", importing.import_file, written([{"ID": "E1"}]), member_id=self.member)

    def registry_members_add_member(self):
        return self.by("steward", members.add_member, {"name": "New"}, self.stage.network)

    def registry_members_edit_member(self):
        return self.by("ann", members.edit_member, self.member, {"name": "New"})

    def registry_members_remove_member(self):
        return self.by("admin", members.remove_member, self.stage.world.member("Alone"))

    def registry_network_changes_create_network(self):
        return self.by("admin", network_changes.create_network, {"name": "New"})

    def registry_network_changes_change_network(self):
        return self.by("steward", network_changes.change_network, self.stage.network,
                       {"name": "New"})  # fmt: skip

    def registry_network_changes_set_member(self):
        return self.by("admin", network_changes.set_member, self.stage.network, self.member)

    def registry_network_changes_end_membership(self):
        self.registry_network_changes_set_member()()
        return self.by("admin", network_changes.end_membership, self.stage.network, self.member)

    def registry_network_changes_say(self):
        return self.by("steward", network_changes.say, "post", self.stage.network,
                       {"title": "News", "text": "<p>New</p>", "day": "2026-03-02"})  # fmt: skip

    def registry_network_changes_unsay(self):
        said = self.registry_network_changes_say()()
        return self.by("steward", network_changes.unsay, "post", self.stage.network, said)

    def registry_persons_erase_person(self):
        return self.by("admin", persons.erase_person, self.stage.users["eve"])

    def registry_queue_assign(self):
        loose = self.stage.world.asset("Loose", network=self.stage.network)
        self.registry_network_changes_set_member()()
        return self.by("steward", queue.assign, self.stage.network, [loose], self.member)

    def registry_queue_confirm_all(self):
        curated = self.stage.world.asset("Curated", network=self.stage.network)
        return self.by("steward", queue.confirm_all, self.stage.network, [curated])

    def calls_commitments_invite(self):
        return self.by("steward", commitments.invite, self.stage.propose(), CAPABILITIES)

    def calls_commitments_invite_one(self):
        given = ByHand("tests", self.asset, self.stage.capacities[0], 5.0, FIRST)
        return self.by("steward", commitments.invite_one, self.stage.call, CAPABILITIES, given)

    def calls_commitments_offer(self):
        given = ByHand("tests", self.asset, self.stage.capacities[0], 5.0, FIRST)
        return self.by("ann", commitments.offer, self.stage.call, CAPABILITIES, given)

    def calls_commitments_answer(self):
        return self.by("ann", commitments.answer, self.stage.invite()[0], "accept", CAPABILITIES)

    def calls_finding_keep_answer(self):
        # What nothing is known of is not kept by itself.
        found = Found(replace(self._halves(), status="unknown"))
        solves, steward = Solves(solve=lambda *_: (found,)), self.stage.as_("steward")
        run = start_solve(solves, self.registry, steward, self.stage.call, CAPABILITIES)
        wait_for(solves, self.registry, steward, run, 10)
        return lambda: finding.keep_answer(solves, self.registry, steward, self.stage.call, run)

    def _halves(self):
        return halves(self._question())

    def _question(self):
        viewer = self.stage.as_("steward")
        return proposals.question_for(self.registry, viewer, self.stage.call, CAPABILITIES)

    def calls_following_report(self):
        self.calls_commitments_answer()()
        [accepted] = [
            one.commitment.commitment_id
            for one in commitments.commitments_to(
                self.registry, self.stage.as_("steward"), self.stage.call
            )
            if one.commitment.state == "accepted"
        ]
        self.registry.clock.now = self.registry.clock.now.replace(month=4, day=3)
        return self.by("ann", following.report, accepted, date(2026, 4, 2), 10.0)

    def calls_proposals_keep(self):
        return self.by("steward", proposals.keep, self.stage.call, self._question(),
                       Found(self._halves()))  # fmt: skip

    def calls_proposals_show_proposal(self):
        return self.by("steward", proposals.show_proposal, self.stage.propose(), "public")

    def calls_proposals_remove_proposal(self):
        return self.by("steward", proposals.remove_proposal, self.stage.propose())

    def calls_records_create_call(self):
        return self.by("steward", records.create_call, {"title": "New"}, CAPABILITIES,
                       network_id=self.stage.network)  # fmt: skip

    def calls_records_edit_call(self):
        return self.by("steward", records.edit_call, self.stage.call,
                       {"title": "New", "needs": [NEED]}, CAPABILITIES)  # fmt: skip

    def calls_records_open_call(self):
        draft = records.create_call(
            self.registry, self.stage.as_("steward"), {"title": "New", "needs": [NEED]},
            CAPABILITIES, network_id=self.stage.network,
        )  # fmt: skip
        return self.by("steward", records.open_call, draft, CAPABILITIES)

    def calls_records_close_call(self):
        return self.by("steward", records.close_call, self.stage.call)

    def calls_records_remove_call(self):
        return self.by("steward", records.remove_call, self.stage.call)

    def calls_sealed_verify(self):
        return self.by("admin", sealed.verify, self.member)

    def calls_sealed_let_tell(self):
        return self.by("ann", sealed.let_tell, self.asset)

    def calls_sealed_take_back(self):
        return self.by("ann", sealed.take_back, self.calls_sealed_let_tell()())

    def calls_sealed_ask(self):
        self.calls_sealed_let_tell()()
        self.by("admin", sealed.verify, self.stage.network)()
        return self.by("steward", sealed.ask, self.stage.call, CAPABILITIES)

    def calls_sealed_consent(self):
        self.calls_sealed_ask()()
        self.by("steward", sealed.consent, self.stage.call)()
        return self.by("ann", sealed.consent, self.asset)

    def calls_sealed_withdraw_consent(self):
        self.by("ann", sealed.consent, self.asset)()
        return self.by("ann", sealed.withdraw_consent, self.asset)

    def enquiries_asking_ask(self):
        words = {
            "name": "Jo Quark",
            "email": "jo.quark@example.org",
            "text": "Who can sequence this?",
        }
        # About an asset: nothing of an edition is asked.
        return self.by("eve", asking.ask, None, Topic(asset=self.asset), checked_asker(words),
                       CAPABILITIES, address="192.0.2.7")  # fmt: skip

    def _enquiry(self):
        return self.enquiries_asking_ask()().enquiry_id

    def enquiries_desk_reply(self):
        return self.by("admin", desk.reply, self._enquiry(), "Yes, from May.")

    def enquiries_desk_pass_on(self):
        return self.by("admin", desk.pass_on, self._enquiry(), self.stage.network, "It is theirs.")

    def enquiries_desk_close(self):
        return self.by("admin", desk.close, self._enquiry(), "unanswered")

    def enquiries_following_withdraw_mine(self):
        return self.by("eve", asked_by.withdraw_mine, self._enquiry())

    def enquiries_following_erase_mine(self):
        return self.by("eve", asked_by.erase_mine, self._enquiry())


@ON_SQLITE
@pytest.mark.parametrize("name", sorted(changing()))
def test_every_function_that_changes_leaves_an_entry(world, name):
    """In the transaction that makes the change, with who did it: kept together, or not at all."""
    doing = Doing(Stage(world).open())
    do = doing.way(name)
    before = _entries(doing.registry)
    with transactions(doing.registry) as kept:
        do()
    assert kept, f"{name} wrote nothing: its way here is to change something"
    for wrote in kept:
        # How often somebody tried is no record: it is counted even where nothing is changed.
        tried = set(wrote) == {SIGN_IN_ATTEMPTS.name}
        assert tried or LOG_ENTRIES.name in wrote, f"{name} wrote {dict(wrote)} and no entry"
    made = [actor for entry, actor in _entries(doing.registry).items() if entry not in before]
    assert set(made) & set(doing.stage.users.values()), f"{name} left {made}, of nobody who did it"


@ON_SQLITE
def test_each_of_several_changes_has_an_entry(world):
    """Two who are invited at once, and what each of their acceptances holds."""
    doing = Doing(Stage(world).open())
    do = doing.way("calls.commitments.invite")
    before = _entries(doing.registry)
    invited = do().made
    assert len(_entries(doing.registry)) - len(before) >= len(invited) == 2
    with doing.registry.reading() as connection:
        asked = select(LOG_ENTRIES.c.payload).where(LOG_ENTRIES.c.subject == doing.stage.call)
        told = [json.loads(one) for one in connection.scalars(asked)]
    about = {one["commitment"] for one in told if one["action"] == "invite"}
    assert about == set(invited)


@ON_SQLITE
def test_what_leaves_none_is_found(world):
    """A change that writes past the log is seen by what watches."""
    with transactions(world.registry) as kept, world.registry.change(COMMAND_LINE) as change:
        change.connection.execute(delete(RESERVATIONS))
    assert [dict(wrote) for wrote in kept] == [{RESERVATIONS.name: 1}]


def test_no_shell_changes_anything_by_itself():
    """Routes and commands go through the functions that are tried above."""
    package = Path(triplehelix.__file__).parent
    for shell in ("serve", "cli"):
        for file in sorted((package / shell).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                opens = isinstance(called, ast.Attribute) and called.attr in ("change", "writing")
                assert not opens, f"{file.name}, line {node.lineno}: let a function of app do it"


def _entries(registry):
    """Who did what is written down, by entry."""
    with registry.reading() as connection:
        found = connection.execute(select(LOG_ENTRIES.c.entry_id, LOG_ENTRIES.c.actor))
        return {row.entry_id: row.actor for row in found}
