"""The list of capabilities that ships, and lists that extend it."""

import pytest

from triplehelix.capabilities.words import words
from triplehelix.errors import InputError
from triplehelix.read.capabilities import read_capabilities


def test_what_ships():
    ours = read_capabilities()
    assert len(ours) >= 150
    for one in ours:
        assert one.label
        assert one.definition
        assert len(one.synonyms) >= 5, one.capability
        assert one.units
        said = [text.casefold() for text in one.synonyms]
        assert len(said) == len(set(said)), one.capability
        assert all(words(text) for text in (one.label, *one.synonyms))


def test_every_capability_of_the_sample_is_there():
    from triplehelix.app.registry.sample_rows import rows

    ours = read_capabilities()
    used = {slug for row in rows("assets") for slug in row["capabilities"].split("|") if slug}
    assert used
    assert [slug for slug in sorted(used) if slug not in ours] == []


def test_a_file_of_ones_own(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("capabilities: own\nversion: '1'\nentries:\n"
                   "  - capability: zebrafish\n    label: Zebrafish\n    broader: animal-facility\n"
                   "    units: [{unit: tanks}]\n    synonyms: [fish tank]\n", "utf-8")  # fmt: skip
    more = read_capabilities(own)
    assert more.broader("zebrafish") == ("animal-facility", "animal-research")
    assert len(more) == len(read_capabilities()) + 1


@pytest.mark.parametrize(("entry", "said"), [
    ("- {capability: PCR, label: x}", "no slug"),
    ("- {capability: pcr}", "has no label"),
    ("- {capability: pcr, label: x, unit: y}", "unknown key 'unit'"),
    ("- {capability: pcr, label: x, units: [tests]}", "write {unit: tests, per: day}"),
    ("- {capability: pcr, label: x, units: [{unit: tests, per: hour}]}", "use day, week, month, year"),
    ("- {capability: pcr, label: x, codes: ['MeSH:16133']}", "'MeSH:16133' .* is no code"),
    ("- {capability: pcr, label: x, synonyms: ['!']}", "holds no word"),
    ("- {capability: pcr, label: x, broader: nothing-such}", "which the list does not have"),
    ("- {capability: a, label: x}\n- {capability: a, label: x}", "twice"),
    ("- 1", "not a block"),
    ("", "lists no capabilities"),
])  # fmt: skip
def test_what_is_refused(tmp_path, entry, said):
    own = tmp_path / "own.yaml"
    own.write_text(f"capabilities: own\nversion: '1'\nentries:\n{entry}", "utf-8")
    with pytest.raises(InputError, match=said):
        read_capabilities(own)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="list of capabilities .* cannot be read"):
        read_capabilities(tmp_path / "none.yaml")
