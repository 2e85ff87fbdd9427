"""The most that a group covers: against maximum flows, a day at a time, and by hand."""

import random
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tests.ally import testing_call as case
from tests.ally.testing_call import AS_OF, CAPABILITIES, day
from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Capacity, Landscape, Member, Promised
from triplehelix.ally.call import Call
from triplehelix.ally.checks.case import Case
from triplehelix.ally.coverable import Coverable

KINDS = ("diagnostic-testing", "pcr-testing")


def coverable(call: Call, landscape: Landscape, members: list[str], **more: Any) -> Coverable:
    empty = Alliance(call, "unknown", None, None, {}, (), (), ())
    return Coverable(Case(empty, landscape, CAPABILITIES, AS_OF), members, **more)


def asked(*needs: dict[str, Any], **more: Any) -> Call:
    usual = {"capability": "pcr-testing", "unit": "tests/day", "by": day(1), "until": day(10)}
    listed = [{"need": f"n{n}", **usual, **need} for n, need in enumerate(needs)]
    return Call.model_validate({"title": "T", "as_of": AS_OF, "needs": listed, **more})


def test_the_testing_call_by_hand() -> None:
    """Of 20,500: campus 4,000, hospital 6,000, works 10,000, spinout 500."""
    able = coverable(case.call(), case.landscape(), [one.member for one in case.ASSETS])
    assert able.share(["campus-m"]) == pytest.approx(4_000 / 20_500)
    assert able.share(["hospital-m", "works-m"]) == pytest.approx(16_000 / 20_500)
    assert able.share([one.member for one in case.ASSETS]) == pytest.approx(1)
    assert able.share([]) == 0


def test_a_share_is_averaged_over_the_days_of_a_need() -> None:
    """10 of 10 on six days, and 5 of 10 on the four on which 5 are promised."""
    here = case.landscape(
        (case.asset("a", 10, lead_days=0, promised=(Promised(5, day(7), day(10)),)),)
    )
    need = asked({"amount": 10})
    assert coverable(need, here, ["a-m"]).share(["a-m"]) == pytest.approx(0.8)
    strict = coverable(need, here, ["a-m"], strictly=True)
    assert strict.share(["a-m"]) == pytest.approx(0.75)


def test_needs_count_by_their_weights() -> None:
    here = case.landscape((case.asset("a", 10, lead_days=0),))
    need = asked({"amount": 10, "weight": 3}, {"capability": "regulatory-advice", "unit": None})
    assert coverable(need, here, ["a-m"]).share(["a-m"]) == pytest.approx(3 / 4)


def test_what_serves_two_needs_goes_where_it_counts_most() -> None:
    """10 can cover the heavy need's 10, or half of the light one's 20."""
    here = case.landscape((case.asset("a", 10, lead_days=0),))
    need = asked({"amount": 20, "weight": 1}, {"amount": 10, "weight": 3})
    able = coverable(need, here, ["a-m"])
    assert able.shares(["a-m"]) == pytest.approx({"n0": 0.0, "n1": 1.0})
    assert able.share(["a-m"]) == pytest.approx(3 / 4)


def test_an_asset_that_two_networks_can_bring_is_counted_once() -> None:
    here = case.landscape((case.asset("a", 10, lead_days=0),))
    nets = tuple(Member(name, name, parts=("a-m",)) for name in ("n1", "n2"))
    able = coverable(
        asked({"amount": 20}), Landscape((*here.members, *nets), here.assets), ["n1", "n2"]
    )
    assert [able.share(group) for group in (["n1"], ["n2"], ["n1", "n2"])] == [0.5, 0.5, 0.5]


def test_a_holder_that_stays_out_takes_its_assets_along() -> None:
    here = case.landscape((case.asset("a", 10, lead_days=0),))
    here = Landscape((*here.members, Member("net", "Net", parts=("a-m",))), here.assets)
    able = coverable(asked({"amount": 20}), here, ["a-m", "net"])
    assert [able.share(group) for group in (["a-m"], ["net"], ["a-m", "net"])] == [0.5, 0.0, 0.5]


def test_surge_notice_and_dates() -> None:
    """Nothing on days 1 and 2, 10 from day 3, 20 from day 6 to 10: (0x2 + 10x3 + 20x5) / 200."""
    grows = case.asset("a", 10, lead_days=2, surge_amount=20, surge_lead_days=5)
    able = coverable(asked({"amount": 20}), case.landscape((grows,)), ["a-m"])
    assert able.share(["a-m"]) == pytest.approx(130 / 200)


def test_things_made_in_all_and_a_stock() -> None:
    """5 a day on 10 days are 50 of 100, 20 more are in stock; both together 70."""
    capacities = (
        Capacity("r", "device-manufacture", 5, "ventilators", "day", lead_days=0),
        Capacity("s", "device-manufacture", 25, "ventilators", lead_days=0,
                 promised=(Promised(5, day(1)),)),
    )  # fmt: skip
    assets = tuple(
        Asset(c.capacity, c.capacity, f"{c.capacity}-m", ("device-manufacture",), (c,))
        for c in capacities
    )
    need = asked({"capability": "device-manufacture", "unit": "ventilators", "amount": 100,
                  "by": day(10), "until": None})  # fmt: skip
    able = coverable(need, case.landscape(assets), ["r-m", "s-m"])
    assert [able.share(g) for g in (["r-m"], ["s-m"], ["r-m", "s-m"])] == pytest.approx(
        [0.5, 0.2, 0.7]
    )


def test_made_in_all_and_a_rate_share_a_capacity() -> None:
    """3 of 5 a day are taken by a heavy rate, so 2 a day on 10 days are left: 20 of 40."""
    made = Capacity("r", "device-manufacture", 5, "ventilators", "day", lead_days=0)
    maker = Asset("r", "R", "r-m", ("device-manufacture",), (made,))
    both = {"capability": "device-manufacture"}
    need = asked(
        {**both, "unit": "ventilators/day", "amount": 3, "weight": 9, "by": day(1)},
        {**both, "unit": "ventilators", "amount": 40, "by": day(10), "until": None},
    )
    able = coverable(need, case.landscape((maker,)), ["r-m"])
    assert able.shares(["r-m"]) == pytest.approx({"n0": 1.0, "n1": 0.5})


@pytest.mark.parametrize("seed", range(40))
def test_against_maximum_flows(seed: int) -> None:
    """With equal amounts and weights the most that is covered is a maximum flow."""
    chance = random.Random(seed)
    names = "abcde"[: chance.randint(1, 5)]
    supplies = [
        (chance.choice(names), chance.choice(KINDS), chance.randint(1, 30)) for _ in range(6)
    ]
    assets = tuple(
        Asset(
            f"a{n}",
            "A",
            who,
            (kind,),
            (Capacity(f"c{n}", kind, amount, "tests", "day", lead_days=0),),
        )
        for n, (who, kind, amount) in enumerate(supplies)
    )
    needs = [chance.choice(KINDS) for _ in range(3)]
    able = coverable(asked(*({"capability": kind, "amount": 25} for kind in needs)),
                     case.landscape(assets), list(names))  # fmt: skip
    for _ in range(4):
        group = [name for name in names if chance.random() < 0.6]
        graph = np.zeros((2 + len(supplies) + len(needs),) * 2, dtype=np.int32)
        for s, (who, kind, amount) in enumerate(supplies):
            graph[0, 2 + s] = amount if who in group else 0
            for n, wanted in enumerate(needs):
                serves = kind == wanted or wanted == "diagnostic-testing"
                graph[2 + s, 2 + len(supplies) + n] = 1_000 if serves else 0
        graph[2 + len(supplies) :, 1] = 25
        flow = maximum_flow(csr_array(graph), 0, 1).flow_value
        assert able.share(group) == pytest.approx(flow / 75)


@pytest.mark.parametrize("other", [{}, {"capability": "diagnostic-testing", "weight": 1e-6}])
def test_a_cap_on_single_members_holds(other: dict[str, Any]) -> None:
    """a has 10 in two assets and b 10; at most 4 of 10 from one: 0.4 alone, 0.8 together."""
    here = case.landscape((
        case.asset("a", 5, "a-m", lead_days=0), case.asset("a2", 5, "a-m", lead_days=0),
        case.asset("b", 10, lead_days=0),
    ))  # fmt: skip
    needs = [{"amount": 10}, *([{"amount": 1, **other}] if other else [])]
    capped = asked(*needs, rules={"member_caps": [{"need": "n0", "share": 0.4}]})
    able = coverable(capped, here, ["a-m", "b-m"])
    assert able.shares(["a-m"])["n0"] == pytest.approx(0.4)
    assert able.shares(["a-m", "b-m"])["n0"] == pytest.approx(0.8)
    assert coverable(capped, here, ["a-m"], strictly=True).shares(["a-m"])["n0"] == pytest.approx(1)
