"""Every way of tampering is found and named; each is done by plain SQL behind the log's back."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from triplehelix.errors import InputError
from triplehelix.registry.batches import batch_root, leaves_at, places, public_leaf, salt
from triplehelix.registry.entries import commitment
from triplehelix.registry.merkle import root_of
from triplehelix.registry.notes import Checkpoint, SigningKey
from triplehelix.store.registry.sealing import latest, seal
from triplehelix.store.registry.verifying import verify

KEY = SigningKey("registry.example.org/log", bytes(32))
EVE = SigningKey("registry.example.org/log", b"eve" + bytes(29))


class Sealed:
    """Four batches: key and members a, b; asset c; empty; member d. And member e, unsealed."""

    def __init__(self, registry, world):
        self.registry, self.notes = registry, []
        self._seal(lambda: (world.member("a"), world.member("b")))
        self._seal(lambda: (world.member("c"), world.member("c2")))
        self._seal(lambda: None)
        self._seal(lambda: world.member("d"))
        world.member("e")

    def _seal(self, work):
        work()
        self.notes.append(seal(self.registry, KEY))
        self.registry.clock.pass_(hours=1)

    def sql(self, statement, **values):
        with self.registry.writing() as connection:
            return connection.execute(text(statement), values)

    def rows(self, statement, **values):
        with self.registry.engine.connect() as connection:
            return connection.execute(text(statement), values).all()

    def faults(self, held=None):
        return verify(self.registry, held).faults

    def recommit(self, seq, payload):
        """What somebody does who knows how commitments are made."""
        [row] = self.rows("select salt from log_entries where seq = :seq", seq=seq)
        self.sql("update log_entries set payload = :p, commitment = :c where seq = :seq",
                 p=payload, c=commitment(bytes(row.salt), payload), seq=seq)  # fmt: skip

    def rebatch(self, n):
        """And who knows how batches are made."""
        entries = self.rows("select commitment from log_entries where batch = :n order by seq", n=n)
        [batch] = self.rows("select seed from log_batches where batch = :n", n=n)
        seed = bytes(batch.seed)
        where = places(seed, len(entries))
        root = batch_root(seed, leaves_at(where, [bytes(e.commitment) for e in entries]))
        self.sql("update log_batches set root = :r, leaf = :l, n_entries = :e where batch = :n",
                 r=root, l=public_leaf(salt(seed), root), e=len(entries), n=n)  # fmt: skip

    def resign(self, key):
        """And who signs everything anew, with one key or another."""
        leaves = [bytes(b.leaf) for b in self.rows("select leaf from log_batches order by batch")]
        self.sql("delete from log_checkpoints")
        for size in range(1, len(leaves) + 1):
            root = root_of(leaves[:size])
            self.sql("insert into log_checkpoints (size, root, note) values (:s, :r, :n)",
                     s=size, r=root, n=key.sign(Checkpoint(key.name, size, root)))  # fmt: skip


@pytest.fixture
def log(registry, world):
    return Sealed(registry, world)


def seq_of(log, batch, n=0):
    return log.rows("select seq from log_entries where batch = :b order by seq", b=batch)[n].seq


def test_a_log_that_nobody_touched_is_sound(log):
    for held in (None, *log.notes):
        found = verify(log.registry, held)
        assert found.faults == ()
        assert found.sound
    assert (found.size, found.entries, found.erased, found.unsealed) == (4, 7, 0, 1)
    assert (found.checkpoints, found.held, found.origin) == (4, 4, KEY.name)
    assert found.root == Checkpoint.read(log.notes[-1]).root.hex()


def test_a_clock_of_another_zone_is_no_fault(registry, world):
    registry.clock.now = registry.clock.now.astimezone(timezone(timedelta(hours=9)))
    world.member("a")
    assert verify(registry).faults == ()


def test_an_empty_log_is_sound(registry):
    found = verify(registry)
    assert (found.sound, found.size, found.origin, found.entries) == (True, 0, None, 0)


def test_a_changed_text(log):
    seq = seq_of(log, 1)
    log.sql("update log_entries set payload = replace(payload, '\"c\"', '\"x\"') where seq = :s",
            s=seq)  # fmt: skip
    [fault] = log.faults()
    assert "was tampered with: its text is not what was committed to" in fault


def test_a_changed_text_before_the_seal(log):
    log.sql(
        "update log_entries set payload = replace(payload, '\"e\"', '\"x\"') where batch is null"
    )
    [fault] = log.faults()
    assert "its text is not what was committed to" in fault


@pytest.mark.parametrize(("column", "value"), [
    ("actor", "us_0"), ("subject", "nobody"), ("action", "nothing"), ("entry_id", "le_0"),
    ("at", "2020-01-01 00:00:00"),
])  # fmt: skip
def test_a_changed_column(log, column, value):
    log.sql(f"update log_entries set {column} = :v where seq = :s", v=value, s=seq_of(log, 1))
    [fault] = log.faults()
    assert f"its column {column.removesuffix('_id')} says" in fault


def test_a_changed_text_with_its_commitment(log):
    seq = seq_of(log, 1)
    [row] = log.rows("select payload from log_entries where seq = :s", s=seq)
    log.recommit(seq, row.payload.replace('"c"', '"x"'))
    assert log.faults() == (
        "batch 1 is not made of its entries: a commitment, the seed or the root was changed after "
        "it was sealed",
    )


def test_a_changed_text_with_everything_but_the_signatures(log):
    seq = seq_of(log, 1)
    [row] = log.rows("select payload from log_entries where seq = :s", s=seq)
    log.recommit(seq, row.payload.replace('"c"', '"x"'))
    log.rebatch(1)
    faults = log.faults()
    assert [fault.split(":")[0] for fault in faults] == [
        f"the checkpoint of size {size}" for size in (2, 3, 4)]  # fmt: skip
    assert all("the log was rewritten" in fault for fault in faults)


def rewritten(log, key):
    seq = seq_of(log, 1)
    [row] = log.rows("select payload from log_entries where seq = :s", s=seq)
    log.recommit(seq, row.payload.replace('"c"', '"x"'))
    log.rebatch(1)
    log.resign(key)


def test_everything_rewritten_and_signed_with_another_key(log):
    rewritten(log, EVE)
    faults = log.faults()
    assert len(faults) == 4
    assert all("signed by no key of this log: a foreign key" in fault for fault in faults)


def test_another_key_put_in_the_list(log):
    rewritten(log, EVE)
    log.sql("insert into log_keys (key, since) values (:k, 1)", k=EVE.public.text)
    assert "the log does not tell of it by then: a foreign key" in log.faults()[0]


def test_a_log_checked_against_itself_proves_nothing(log):
    """Who has the key can rewrite it all; only what is held elsewhere tells."""
    rewritten(log, KEY)
    assert log.faults() == ()
    assert log.faults(log.notes[0]) == (), "the first batch was not touched"
    for held in log.notes[1:]:
        [fault] = log.faults(held)
        assert fault.startswith("the checkpoint held elsewhere: the first ")
        assert fault.endswith("the log was rewritten")


def test_a_removed_entry(log):
    log.sql("delete from log_entries where seq = :s", s=seq_of(log, 1))
    assert log.faults() == ("batch 1 sealed 2 entries and 1 are there: some were removed",)


def test_a_removed_entry_whose_count_was_changed(log):
    log.sql("delete from log_entries where seq = :s", s=seq_of(log, 1, 1))
    log.sql("update log_batches set n_entries = 1 where batch = 1")
    [fault] = log.faults()
    assert "batch 1 is not made of its entries" in fault


def test_an_entry_moved_out_of_its_batch(log):
    log.sql("update log_entries set batch = null, place = null where seq = :s", s=seq_of(log, 1))
    assert log.faults() == ("batch 1 sealed 2 entries and 1 are there: some were removed",)


def test_an_entry_put_in(log):
    log.sql("update log_entries set batch = 1, place = 7 where batch is null")
    assert log.faults() == ("batch 1 sealed 2 entries and 3 are there: some were put in",)


def test_reordered_entries(log):
    first, second = seq_of(log, 1), seq_of(log, 1, 1)
    for old, new in ((first, 9999), (second, first), (9999, second)):
        log.sql("update log_entries set seq = :new where seq = :old", new=new, old=old)
    assert log.faults() == (
        "batch 1 has its entries in another order than when it was sealed: reordered",
    )


def test_reordered_entries_whose_places_were_changed_too(log):
    first, second = seq_of(log, 1), seq_of(log, 1, 1)
    [a, b] = log.rows("select place from log_entries where batch = 1 order by seq")
    for seq in (first, second):
        log.sql("update log_entries set place = -seq where seq = :s", s=seq)
    for old, new, place in (
        (first, 9999, b.place),
        (second, first, a.place),
        (9999, second, b.place),
    ):
        log.sql(
            "update log_entries set seq = :new, place = :p where seq = :old",
            new=new,
            old=old,
            p=place,
        )
    [fault] = log.faults()
    assert "batch 1 is not made of its entries" in fault


def test_a_changed_leaf(log):
    log.sql("update log_batches set leaf = :x where batch = 2", x=bytes(32))
    faults = log.faults()
    assert faults[0] == "leaf 2 of the public log is not that of its batch: it was changed"
    assert [fault.split(":")[0] for fault in faults[1:]] == [
        "the checkpoint of size 3", "the checkpoint of size 4"]  # fmt: skip


def test_a_removed_leaf(log):
    log.sql("delete from log_batches where batch = 1")
    faults = log.faults()
    assert faults[0] == "leaf 1 of the public log is missing: it was removed"
    assert "sealed in batch 1, which is missing" in faults[1]


def test_a_changed_seed(log):
    log.sql("update log_batches set seed = :x where batch = 2", x=bytes(32))
    [fault] = log.faults()
    assert "batch 2 is not made of its entries" in fault


def truncated(log):
    log.sql("update log_entries set batch = null, place = null where batch = 3")
    log.sql("delete from log_batches where batch = 3")


def test_a_log_whose_end_was_cut_off(log):
    truncated(log)
    assert log.faults() == (
        "the checkpoint of size 4: it tells of 4 leaves and the log has 3: the end of the log was "
        "cut off, or an older backup was brought back",
    )


def test_a_log_whose_end_was_cut_off_with_its_checkpoint(log):
    truncated(log)
    log.sql("delete from log_checkpoints where size = 4")
    assert log.faults() == ()
    [fault] = log.faults(log.notes[3])
    assert fault.startswith("the checkpoint held elsewhere: it tells of 4 leaves and the log has 3")
    assert log.faults(log.notes[2]) == ()


def test_a_checkpoint_of_the_future(log):
    future = KEY.sign(Checkpoint(KEY.name, 9, bytes(32)))
    log.sql(
        "insert into log_checkpoints (size, root, note) values (9, :r, :n)", r=bytes(32), n=future
    )
    faults = log.faults(future)
    assert faults[:4] == tuple(
        f"the checkpoint of size {n} is missing: it was removed" for n in (5, 6, 7, 8))  # fmt: skip
    assert "tells of 9 leaves and the log has 4" in faults[4]
    assert faults[5].startswith("the checkpoint held elsewhere: it tells of 9 leaves")


def test_a_removed_checkpoint(log):
    log.sql("delete from log_checkpoints where size = 2")
    assert log.faults() == ("the checkpoint of size 2 is missing: it was removed",)


def test_a_changed_checkpoint(log):
    log.sql("update log_checkpoints set note = replace(note, 'a', 'b') where size = 2")
    [fault] = log.faults()
    assert fault.startswith("the checkpoint of size 2: ")


def test_changed_columns_of_a_checkpoint(log):
    log.sql("update log_checkpoints set root = :r where size = 2", r=bytes(32))
    assert log.faults() == (
        "the checkpoint of size 2: its columns are not what was signed: they were changed",
    )


def test_a_checkpoint_of_another_log(log):
    other = SigningKey("elsewhere.example/log", bytes(32))
    root = Checkpoint.read(log.notes[3]).root
    [fault] = log.faults(other.sign(Checkpoint(other.name, 4, root)))
    assert fault == (
        "the checkpoint held elsewhere: it is of another log: elsewhere.example/log, and this one "
        "is registry.example.org/log"
    )


def test_a_checkpoint_signed_by_somebody_else(log):
    root = Checkpoint.read(log.notes[3]).root
    [fault] = log.faults(EVE.sign(Checkpoint(KEY.name, 4, root)))
    assert "signed by no key of this log: a foreign key" in fault


def test_a_checkpoint_changed_after_it_was_signed(log):
    [fault] = log.faults(log.notes[3].replace("\n4\n", "\n3\n"))
    assert "changed after it was signed" in fault


def test_what_is_no_checkpoint_is_said_at_once(log):
    with pytest.raises(InputError, match="this is no checkpoint"):
        log.faults("nonsense")


def test_a_text_taken_away_without_an_erasure(log):
    log.sql("update log_entries set payload = null, salt = null where seq = :s", s=seq_of(log, 1))
    [fault] = log.faults()
    assert "has lost its text and the log tells of no erasure of it" in fault


def test_a_salt_taken_away(log):
    log.sql("update log_entries set salt = null where seq = :s", s=seq_of(log, 1))
    [fault] = log.faults()
    assert "cannot be checked: its salt was taken away" in fault


def test_a_new_key_goes_on_with_the_log(log):
    """After the key was lost, or was changed: what the old one signed stays good."""
    new = seal(log.registry, EVE)
    assert log.faults() == ()
    for held in (*log.notes, new):
        assert log.faults(held) == ()


def test_many_faults_are_counted(log):
    for n in range(40):
        log.sql(
            "insert into log_checkpoints (size, root, note) values (:s, :r, 'x')", s=100 + n, r=b""
        )
    found = verify(log.registry)
    assert len(found.faults) == 20
    assert found.n_faults == 95 + 40
    assert not found.sound


def test_the_latest_checkpoint(log):
    with log.registry.engine.connect() as connection:
        assert latest(connection) == log.notes[-1]
