"""History and proofs: for whom they are, and that an outsider can check them."""

import hmac
from hashlib import sha256

import pytest

from tests.registry_worlds import an_id
from triplehelix.app.registry import log
from triplehelix.errors import Conflict, Forbidden, InputError, UnknownName
from triplehelix.registry.merkle import includes, is_consistent, leaf_hash
from triplehelix.registry.notes import Checkpoint, PublicKey, SigningKey, signers
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.registry.visibility import Holder
from triplehelix.store.registry.sealing import seal

KEY = SigningKey("registry.example.org/log", bytes(32))


@pytest.fixture
def people(world):
    """Members A and B, each with somebody who acts for it; an asset of A; an administrator."""
    a, b = world.member("A"), world.member("B")
    return {
        "a": world.viewer(world.user("Ann", ("member", a))),
        "b": world.viewer(world.user("Bea", ("member", b))),
        "admin": world.viewer(world.user("Root", ("administrator", ""))),
        "asset": world.asset("Microscope", a),
    }


def change(registry, viewer, **fields):
    with registry.change(viewer) as done:
        done.update("asset", an_id("asset", "Microscope"),
                    {"name": "Microscope", "kind": "equipment", **fields})  # fmt: skip


def actions(entries):
    return [entry.action for entry in entries]


def test_those_who_may_change_it_see_what_was_done(registry, people):
    change(registry, people["a"], access="on Mondays")
    for who in ("a", "admin"):
        found = log.history(registry, people[who], people["asset"])
        assert actions(found) == ["create", "update"]
        assert found[1].said["changed"] == {"access": "on Mondays"}
        assert found[1].actor == people["a"].user_id
        assert not found[1].sealed


def test_others_do_not(registry, world, people):
    for viewer in (people["b"], VISITOR):
        with pytest.raises(Forbidden, match="you may not edit this"):
            log.history(registry, viewer, people["asset"])
    hidden = world.asset("Secret", an_id("member", "A"), "private")
    said = set()
    for asked in (hidden, an_id("asset", "none"), people["asset"].upper()):
        with pytest.raises(UnknownName, match="there is no such") as raised:
            log.history(registry, people["b"], asked)
        said.add(str(raised.value).replace("record", "asset"))
    assert len(said) == 1


def test_what_was_done_before_it_was_handed_over_stays_with_whose_it_was(registry, people):
    change(registry, people["a"], access="a secret of A")
    with registry.change(COMMAND_LINE) as done:
        done.hand_over("asset", people["asset"], Holder(an_id("member", "B")))
    change(registry, people["b"], access="a word of B")
    assert actions(log.history(registry, people["b"], people["asset"])) == ["hand over", "update"]
    with pytest.raises(Forbidden):
        log.history(registry, people["a"], people["asset"])
    everything = log.history(registry, people["admin"], people["asset"])
    assert actions(everything) == ["create", "update", "hand over", "update"]
    registry.clock.pass_(hours=1)
    seal(registry, KEY)
    with pytest.raises(UnknownName, match="no such entry"):
        log.proof(registry, people["b"], everything[1].entry_id)


def test_an_entry_that_names_what_is_hidden_is_not_shown(registry, world):
    network = world.network("N")
    steward = world.viewer(world.user("Stew", ("steward", network)))
    before = log.history(registry, steward, network)
    world.compose(network, world.network("Hidden", "private"))
    assert log.history(registry, steward, network) == before
    world.compose(network, world.network("Shown"))
    assert len(log.history(registry, steward, network)) == len(before) + 1


def test_the_whole_log_is_for_administrators(registry, people):
    assert actions(log.audit(registry, people["admin"], most=1)) == ["create"]
    whole = log.audit(registry, people["admin"])
    assert [each.at for each in whole] == sorted((each.at for each in whole), reverse=True)
    rest = log.audit(registry, people["admin"], before=whole[0].entry_id)
    assert rest == whole[1:]
    of_asset = log.audit(registry, people["admin"], subject=people["asset"])
    assert [each.subject for each in of_asset] == [people["asset"]]
    for viewer in (people["a"], VISITOR):
        with pytest.raises(Forbidden, match="administer"):
            log.audit(registry, viewer)


def outsider(proof, key):
    """What somebody does who has the proof, the key, and RFC 6962."""
    text, salt = proof["text"].encode(), bytes.fromhex(proof["salt"])
    commitment = hmac.new(salt, text, sha256).digest()
    batch, whole = proof["batch"], proof["log"]
    root = bytes.fromhex(batch["root"])
    path = [bytes.fromhex(each) for each in batch["path"]]
    inside = includes(root, batch["size"], batch["index"], leaf_hash(commitment), path)
    leaf = leaf_hash(bytes.fromhex(batch["salt"]) + root)
    point = Checkpoint.read(proof["checkpoint"])
    path = [bytes.fromhex(each) for each in whole["path"]]
    return (
        inside
        and includes(point.root, point.size, whole["index"], leaf, path)
        and point.size == whole["size"]
        and signers(proof["checkpoint"], [key]) == [key]
    )


def test_an_entry_is_proved_to_an_outsider(registry, people):
    change(registry, people["a"], access="on Mondays")
    entry = log.history(registry, people["a"], people["asset"])[-1]
    with pytest.raises(Conflict, match="ask again after the next seal"):
        log.proof(registry, people["a"], entry.entry_id)
    for _ in range(5):
        seal(registry, KEY)
        registry.clock.pass_(hours=1)
    proof = log.proof(registry, people["a"], entry.entry_id)
    assert outsider(proof, PublicKey.read(log.public_keys(registry)[0]))
    assert '"access":"on Mondays"' in proof["text"]
    assert not outsider({**proof, "text": proof["text"].replace("Mon", "Sun")}, KEY.public)
    assert not outsider({**proof, "log": {**proof["log"], "index": 1}}, KEY.public)
    assert log.proof(registry, people["admin"], entry.entry_id) == proof


def test_a_proof_tells_nothing_of_others(registry, people, world):
    """Its length is the same in a batch of two entries and in one of fifty."""
    lengths = []
    for n in (0, 50):
        for k in range(n):
            world.asset(f"other {k}", an_id("member", "B"), "private")
        change(registry, people["a"], access=f"word {n:02}")
        seal(registry, KEY, interval=None)
        entry = log.history(registry, people["a"], people["asset"])[-1]
        proof = log.proof(registry, people["a"], entry.entry_id)
        lengths.append((proof["batch"]["size"], len(proof["batch"]["path"])))
    assert lengths == [(2**20, 20), (2**20, 20)]


def test_entries_of_others_look_absent(registry, people):
    seal(registry, KEY)
    entry = log.history(registry, people["a"], people["asset"])[0]
    said = set()
    for viewer, asked in ((people["b"], entry.entry_id), (VISITOR, entry.entry_id),
                          (people["b"], an_id("entry", "none")), (people["b"], "le_'; --"),
                          (people["a"], entry.entry_id.upper())):  # fmt: skip
        with pytest.raises(UnknownName) as raised:
            log.proof(registry, viewer, asked)
        said.add(str(raised.value))
    assert len(said) == 1


def test_consistency_is_proved_to_anybody(registry, world):
    with pytest.raises(UnknownName, match="no checkpoint yet"):
        log.checkpoint(registry)
    with pytest.raises(UnknownName, match="no checkpoint yet"):
        log.consistency(registry, 0)
    notes = [seal(registry, KEY, interval=None) for _ in range(9)]
    assert log.checkpoint(registry) == notes[-1]
    newest = Checkpoint.read(notes[-1])
    for note in notes:
        held = Checkpoint.read(note)
        proof = log.consistency(registry, held.size)
        path = [bytes.fromhex(each) for each in proof["path"]]
        assert is_consistent(held.root, held.size, newest.root, newest.size, path)
        assert (proof["from_root"], proof["root"]) == (held.root.hex(), newest.root.hex())
    assert log.consistency(registry, 0)["path"] == []
    for wrong in (-1, 10):
        with pytest.raises(InputError, match=f"from {wrong} is no earlier size.*0 to 9"):
            log.consistency(registry, wrong)


def test_leaves_make_the_root(registry):
    for _ in range(5):
        seal(registry, KEY, interval=None)
    leaves = log.leaves(registry)["leaves"]
    from triplehelix.registry.merkle import root_of

    root = Checkpoint.read(log.checkpoint(registry)).root
    assert root_of(map(bytes.fromhex, leaves)) == root
    assert log.leaves(registry, 3) == {"from": 3, "leaves": leaves[3:]}


def test_administrators_see_what_is_left_of_removed_records(registry, people):
    with registry.change(people["a"]) as done:
        done.remove("asset", people["asset"])
    assert actions(log.history(registry, people["admin"], people["asset"])) == ["create", "remove"]
    with pytest.raises(UnknownName):
        log.history(registry, people["a"], people["asset"])
    with pytest.raises(UnknownName):
        log.history(registry, people["admin"], an_id("asset", "none"))
