"""The opening argument: which sentences stand, told from hand-made material."""

from dataclasses import replace

from tests.offer.small_material import material
from triplehelix.offer.argument import argument
from triplehelix.offer.compose import compose
from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Wording


def text(offer):
    return "".join(
        run if isinstance(run, str) else str(run.value) if isinstance(run, Figure) else run.text
        for run in argument(offer, Wording())
    )


def test_without_a_partner_nothing_is_said_of_one():
    offer = compose(material(partner=None))
    said = text(offer)
    assert said.startswith("3 clusters have evidence of a part in")
    assert "joint activit" not in said
    # York's 150,000 and Leeds' 450,000, each within reach of both, once.
    assert "At least 600000 people live within reach" in said


def test_a_first_set_that_covers_all_is_said_to_and_one_with_a_gap_is_not():
    offer = compose(material())
    assert "Leeds and York between them have every step of the value chain that any" in text(offer)
    covered = replace(offer, chain=tuple(one for one in offer.chain if one.state == "covered"))
    assert "Leeds and York between them can take work through every step" in text(covered)
    alone = replace(
        covered, covers=(replace(offer.covers[0], clusters=offer.covers[0].clusters[:1]),)
    )
    assert "Leeds alone can take work through every step" in text(alone)


def test_every_number_is_a_figure_with_its_evidence():
    for run in argument(compose(material()), Wording()):
        assert not isinstance(run, str) or not any(c.isdigit() for c in run)
