"""Damage made on purpose and undone; good text left as it is."""

import pytest

from triplehelix.read.letters import repaired

GOOD = [
    "Ελληνικό Ίδρυμα Έρευνας και Τεχνολογίας",
    "Politechnika Łódzka, Żółć, ąę",
    "İstanbul Üniversitesi Çapa Tıp Fakültesi, Ğ ş",
    "L’école supérieure d’électricité, Œuvre d’œil, Île-de-France",
    "“Quoted” ‘single’ „Ärzte“ ‚Öko‘ «à»",
    "São João ÁVILA ÃO À Á Â",
    "Université de Nice–Sophia Antipolis",
    "Tromsø, Ångström, Þórshöfn, Straße",
    "Univerzita Karlova v Praze, Čeřovský, Ďáblice",
    "Magyar Tudományos Akadémia, Győr",
    "Научно-исследовательский институт",
    "東京大学 ＡＢ ﬁne",
    "2√2, √π, √Ω, x ≈ 5 ±, ≈±5, ƒ(x), ¬p",
    "A & B &amp; C <b>",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_left_alone(text):
    assert repaired(text) == text


WORDS = [
    "Bernhard Jöckel", "FUNDACIÓN", "Łódź", "hospodářskou úpravu lesů Brandýs", "ΕΜΤΑ Λουκία",
    "İzmir Odası", "Kościerzyna", "vartotojų federacija", "AÈV", "TÜV SÜD", "1º de Maio", "VIA N°8",
    "VILA NOVA DE FAMALICÃO", "L’Europe – “x”", "EUS€REEN", "Moldavská 11", "à Liège", "Žilina",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_utf_8_read_as_mac_roman(word):
    damaged = word.encode().decode("mac_roman")
    assert damaged != word
    assert repaired(damaged) == word


@pytest.mark.parametrize("word", ["Bernhard Jöckel", "Université de Montréal", "don’t", "Køge ½"])
def test_utf_8_read_as_windows_1252(word):
    assert repaired(word.encode().decode("cp1252")) == word


def test_the_case_in_the_open_data():
    assert repaired("Bernhard J√∂ckel") == "Bernhard Jöckel"


def test_good_and_damaged_side_by_side():
    assert repaired("Zürich und Z√ºrich") == "Zürich und Zürich"


def test_blanks_and_signs_without_width():
    assert repaired("  a\u00a0 b\n\tc\u200b ") == "a b c"
    assert repaired("") == ""


def test_a_repair_is_final():
    for text in GOOD + WORDS:
        assert repaired(repaired(text)) == repaired(text)
