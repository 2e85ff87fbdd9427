"""The case for a cluster: which sentences its rules say, held against tables made by hand."""

from dataclasses import replace

import pytest

from triplehelix.offer.case.compose import compose_case
from triplehelix.offer.case.material import CaseMaterial, Finding, Tie
from triplehelix.offer.case.writing import case_document
from triplehelix.offer.figures import Figure, bare_numbers_in, figures_in
from triplehelix.offer.material import Measured
from triplehelix.offer.wording import Name

YORK = Name("York", "/clusters/york")


def finding(kind, evidence, theme="cancer", value=2.0, expected=1.0, subject=None):
    return Finding(kind, theme, theme.capitalize(), subject, subject.text if subject else "all",
                   value, value / 2, value * 2, expected, 12, evidence)  # fmt: skip


def material(**changed):
    plain = CaseMaterial(
        "edition0001", "Ours", False, ("cordis",), "2014/2020", YORK, ("GB",), 53.96, -1.08,
        "moderate", 9, (("EUR", 1_500_000.0, 4),),
        {"n_organisations": Measured(12, 8, 15, 20), "n_activities": Measured(20, 14, 30, 20)},
        (), 2018, None, (), (), "", (Tie(Name("Leeds", "/clusters/leeds"), 53.8, -1.5, 7),),
        (Name("Hull", "/clusters/hull"),),
    )  # fmt: skip
    return replace(plain, **changed)


def said(case, rule):
    """What a rule says, figures in angle brackets; None where it says nothing."""
    found = [s for chapter in case.chapters for s in chapter.statements if s.rule == rule]
    texts = [
        "".join(
            run if isinstance(run, str) else f"<{run.value:g}>" if isinstance(run, Figure)
            else run.text
            for run in one.runs
        )
        for one in found
    ]  # fmt: skip
    return (texts[0], found[0].bears) if texts else None


def test_the_size_is_said_with_its_bounds():
    case = compose_case(material())
    assert said(case, "size") == (
        "York has <12> organisations at work in <20> activities.", "neither"
    )  # fmt: skip
    figures = {f.key: f for f in figures_in(case)}
    assert (figures["n_organisations"].doubt.low, figures["n_organisations"].doubt.high) == (8, 15)
    assert figures["n_organisations"].evidence.path == "/clusters/york/members"
    assert figures["n_activities"].period == "2014/2020"


@pytest.mark.parametrize(
    ("evidence", "bears", "text"),
    [
        ("strong", "for", "Cancer: <2> times its share everywhere."),
        ("moderate", "for", "Cancer: <2> times its share everywhere."),
        ("weak", "hint",
         "Cancer: <2> times its share everywhere. The evidence is weak: it may be chance."),
    ],
)  # fmt: skip
def test_a_strength_is_said_as_surely_as_it_is_known(evidence, bears, text):
    case = compose_case(material(findings=(finding("specialised", evidence),)))
    assert said(case, "specialised") == (text, bears)
    assert (said(case, "no-sure-strength") is None) == (evidence != "weak")


def test_what_was_looked_for_in_vain_is_not_said_to_be_there():
    case = compose_case(material(findings=(finding("specialised", "none"),)))
    assert said(case, "specialised") is None
    assert said(case, "no-sure-strength")[1] == "against"


def test_losing_ground_stands_as_plainly_as_growing():
    for kind, bears in (("growing", "for"), ("losing", "against")):
        case = compose_case(material(findings=(finding(kind, "strong", "all", 0.5),)))
        assert said(case, kind)[1] == bears
        assert said(case, "unchanged") is None
    still = compose_case(material(findings=(finding("growing", "none", "all", 1.1),)))
    assert said(still, "unchanged")[0] == (
        "Its part of all work is <1.1> times what it was: no sure change."
    )
    assert said(compose_case(material()), "no-trend") is not None


@pytest.mark.parametrize(
    ("kind", "subject", "text"),
    [
        ("carried", Name("University of York"), "Of its work in Cancer <2> rests on University"),
        ("one_funder", Name("A Funder"), "A Funder is the only known payer of <2>"),
        ("one_source", Name("cordis"), "cordis alone tells of <2> of its activities."),
        ("ageing_partners", None, "Of its present partners it had <2> before, where <1>"),
        ("missing_helix", Name("industry"), "Few or no companies: <2> of its members, <1>"),
    ],
)
def test_each_risk_has_its_sentence(kind, subject, text):
    case = compose_case(material(findings=(finding(kind, "moderate", subject=subject),)))
    assert said(case, kind)[0].startswith(text)
    assert said(case, kind)[1] == "against"
    assert said(case, "no-risk") is None
    assert said(compose_case(material()), "no-risk") is not None


@pytest.mark.parametrize(
    ("low", "bears"), [(0.85, "for"), (0.7, "neither"), (None, "neither")]
)  # fmt: skip
def test_balance_is_told_by_its_lower_bound(low, bears):
    even = Measured(0.9, low, low and 1.0, 12)
    case = compose_case(material(measures={**material().measures, "helix_balance": even}))
    assert said(case, "balance")[1] == bears


def test_money_of_two_currencies_is_never_added():
    case = compose_case(material(amounts=(("EUR", 5.0, 1), ("GBP", 7.0, 1))))
    amounts = [f.value for f in figures_in(case) if f.key.startswith("amount_")]
    assert amounts == [5.0, 7.0]


def test_a_weak_cluster_and_a_sample_are_called_so():
    case = compose_case(material(evidence="weak", is_sample=True))
    assert "may not hold as a cluster" in said(case, "certainty")[0]
    assert said(case, "certainty")[1] == said(case, "sample")[1] == "against"


def test_no_number_stands_outside_a_figure():
    kinds = ["specialised", "growing", "opening", "missing_helix", "carried", "one_funder"]
    case = compose_case(material(findings=tuple(finding(k, "strong") for k in kinds)))
    assert list(bare_numbers_in(case)) == []
    for chapter in case.chapters:
        for statement in chapter.statements:
            for run in statement.runs:
                assert not isinstance(run, str) or not any(c.isdigit() for c in run), statement


def test_every_sentence_leads_to_its_evidence():
    kinds = ["specialised", "growing", "opening", "missing_helix", "carried", "one_funder"]
    case = compose_case(
        material(
            findings=tuple(finding(k, "strong") for k in kinds), lacking=("Finance",),
            part_path="/offer/part", part_themes=(Name("Cancer", "/themes/cancer"),),
            is_sample=True,
        )
    )  # fmt: skip
    for chapter in case.chapters:
        for statement in chapter.statements:
            paths = [
                run.evidence.path if isinstance(run, Figure) else run.path
                for run in statement.runs if not isinstance(run, str)
            ]  # fmt: skip
            assert any(paths), statement


def test_what_is_weak_stands_in_the_document_beside_what_is_strong():
    case = compose_case(material(findings=(finding("losing", "strong", "all", 0.5),)))
    document = case_document(case)
    [trend] = [s for s in document.sections if s.key == "trend"]
    texts = [getattr(block, "runs", ()) for block in trend.blocks]
    assert ("What is weak:",) in texts
