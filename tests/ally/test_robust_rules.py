"""Losses and networks, losses and the mix asked for: every group and every loss tried."""

import random
from itertools import combinations

import pytest

from tests.ally.test_after import solved
from tests.ally.worlds import OURS, TODAY, asset, call, landscape
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Landscape, Member
from triplehelix.ally.call import Call
from triplehelix.ally.check import check


def _group(asked: Call, partners: tuple[str, ...], losses: int) -> Alliance:
    """An alliance that claims to survive losses, and gives nothing: the check looks at the rest."""
    return Alliance(asked, "feasible", None, None, {}, partners, (), (), robust=losses)


def _bears(asked: Call, offered: Landscape, partners: tuple[str, ...], losses: int) -> bool:
    told = check(_group(asked, partners, losses), offered, OURS, today=TODAY)
    return not any("said to survive" in words for words in told)


def _least(asked: Call, offered: Landscape, losses: int) -> int | None:
    """The fewest members who bear the losses, by every group and the independent check."""
    names = sorted(one.member for one in offered.members)
    for n in range(1, len(names) + 1):
        if any(_bears(asked, offered, group, losses) for group in combinations(names, n)):
            return n
    return None


def _world(seed: int) -> tuple[Call, Landscape]:
    """Members of three countries and two helices, and a network of some of them."""
    rng = random.Random(seed)
    names = "abcde"
    members = [
        Member(name, name, rng.choice(["academia", "health"]), rng.choice(["GB", "FR", "DE"]))
        for name in names
    ]
    parts = tuple(sorted(rng.sample(names, 2)))
    members.append(Member("net", "net", "nonprofit", "GB", parts=parts))
    lines = [asset(f"{name}-line", name, rng.choice([30, 60, 60, 100])) for name in names]
    rules: dict[str, object] = {}
    if rng.random() < 0.4:
        rules["helices"] = {"health": 1}
    if rng.random() < 0.4:
        rules["spread"] = [{"of": "country", "at_least": rng.choice([1, 2])}]
    if rng.random() < 0.2:
        rules["entities_from_countries"] = [2, 2]
    # Only partners cost anything, so that the fewest are the best.
    weights = {"cost": 0, "lead_days": 0, "travel_km": 0, "partners": 1, "unfamiliarity": 0}
    return call({"amount": 60}, rules=rules, weights=weights), landscape(
        *lines, members=tuple(members)
    )


@pytest.mark.parametrize("losses", [1, 2])
def test_no_group_that_bears_the_losses_is_smaller(losses: int) -> None:
    proven = 0
    for seed in range(30):
        asked, offered = _world(seed)
        least, found = _least(asked, offered, losses), solved(asked, offered, robust=losses)
        if least is None:
            assert found.status == "infeasible", seed
            continue
        proven += 1
        assert (found.status, len(found.partners)) == ("optimal", least), seed
        assert found.checked, (seed, found.problems)
    assert proven > 8


def test_a_network_does_not_stand_in_for_its_part() -> None:
    """The network could bring a's line, but not once a, a partner itself, has dropped out."""
    members = (Member("net", "net", "nonprofit", "GB", parts=("a",)),)
    offered = landscape(
        asset("a-line", "a", 100), asset("b-line", "b", 100, lead_days=5), members=members
    )
    found = solved(call(weights={"cost": 0, "partners": 1}), offered, robust=1)
    assert (found.status, found.checked) == ("optimal", True)
    assert "b" in found.partners and len(found.partners) == 2


@pytest.mark.parametrize(
    ("rules", "n"),
    [
        ({}, 2),
        ({"helices": {"health": 1}}, 2),
        ({"helices": {"health": 1, "academia": 1}}, 4),
        ({"spread": [{"of": "country", "at_least": 2}]}, 4),
        ({"entities_from_countries": [3, 2]}, 4),
    ],
)
def test_the_mix_holds_after_a_loss(rules: dict[str, object], n: int) -> None:
    """
    By hand, with lines that each meet the call: a and b of academia in Britain, c of health in
    France, d of health in Britain, e of academia in France. Any two bear a loss; one of health after
    any loss are both of health; two countries after any loss are two of each.
    """
    kinds = {"a": ("academia", "GB"), "b": ("academia", "GB"), "c": ("health", "FR"),
             "d": ("health", "GB"), "e": ("academia", "FR")}  # fmt: skip
    members = tuple(Member(name, name, *kind) for name, kind in kinds.items())
    offered = landscape(*(asset(f"{name}-line", name, 100) for name in kinds), members=members)
    weights = {"cost": 0, "lead_days": 0, "partners": 1}
    found = solved(call(rules=rules, weights=weights), offered, robust=1)
    assert (found.status, len(found.partners), found.checked) == ("optimal", n, True)
