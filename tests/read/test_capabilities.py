"""The list of capabilities that ships, and lists that extend it."""

import pytest

from triplehelix.capabilities.listed import read_unit
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
    ("- {capability: pcr, label: x, units: [{unit: a}, {unit: b, equals: none}]}", "'b' .* equals 'none'; write how many"),
    ("- {capability: pcr, label: x, units: [{unit: a}, {unit: b, equals: -1}]}", "equals '-1'"),
    ("- {capability: pcr, label: x, units: [{unit: a, equals: 2}]}", "the first unit equals 1"),
    ("- {capability: pcr, label: x, units: [{unit: a}, {unit: b, equals: 2}, {unit: b, per: day, equals: 3}]}", "a word one number"),
    ("- {capability: pcr, label: x, units: [{unit: a, in_all: maybe}]}", "'maybe'; write true or false"),
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


@pytest.mark.parametrize(("slug", "given", "wanted", "factor"), [
    ("pcr-testing", "samples/day", "tests/day", 1), ("pcr-testing", "swabs/week", "samples/day", 1 / 7),
    ("plasmid-dna", "mg", "grams", 0.001), ("plasmid-dna", "kg", "mg", 1e6), ("protein-production", "grams", "mg", 1000),
    ("ventilator-manufacture", "ventilators", "devices", 1), ("vaccination-delivery", "jabs/week", "doses/day", 1 / 7),
])  # fmt: skip
def test_what_converts_in_the_list_that_ships(slug, given, wanted, factor):
    ours = read_capabilities()
    found = ours.convert(slug, 1, read_unit(given), read_unit(wanted))
    assert found == pytest.approx(factor)


@pytest.mark.parametrize(("slug", "given", "wanted"), [
    ("fill-finish", "vials/year", "doses/year"), ("diagnostic-kit-manufacture", "kits/week", "tests/week"),
    ("lab-space", "benches", "sq m"), ("hand-sanitiser", "bottles/month", "litres/week"),
    ("mri", "scanners", "scanner-days"), ("biobanking", "samples", "participants"),
    ("critical-care-beds", "rooms", "beds"), ("hpc", "cores", "nodes"),
])  # fmt: skip
def test_what_is_not_one_in_the_list_that_ships(slug, given, wanted):
    with pytest.raises(InputError, match="does not convert"):
        read_capabilities().convert(slug, 1, read_unit(given), read_unit(wanted))


@pytest.mark.parametrize(("slug", "unit", "in_all"), [
    ("ventilator-manufacture", "ventilators", True), ("whole-genome-sequencing", "genomes", True),
    ("genomic-data", "genomes", False), ("critical-care-beds", "beds", False),
    ("gpu-ai-compute", "GPUs", False), ("gpu-ai-compute", "GPU-hours", True),
    ("vaccine-manufacture", "doses", True), ("gmp-biologics", "litres", False), ("reagents", "litres", True),
])  # fmt: skip
def test_what_is_made_and_what_is_there(slug, unit, in_all):
    assert read_capabilities()[slug].counts_in_all(unit) is in_all


def test_signs():
    ours = read_capabilities()
    for one in ours:
        assert one.signs, one.capability
    assert any(len(sign) > 90 and " " in sign for one in ours for sign in one.signs), (
        "a long one goes on in the next line"
    )


def test_signs_of_ones_own(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("capabilities: own\nversion: '1'\nentries:\n  - capability: zebrafish\n    label: Zebrafish\n"
                   "    signs: [keep|house fish|\n      danio]\n", "utf-8")  # fmt: skip
    assert read_capabilities(own)["zebrafish"].signs == ("keep|house fish|danio",)
    own.write_text(
        "capabilities: own\nversion: '1'\nentries:\n  - {capability: a, label: A, signs: ['x||y']}\n",
        "utf-8",
    )
    with pytest.raises(InputError, match="'x||y'; write words with blanks between them"):
        read_capabilities(own)
