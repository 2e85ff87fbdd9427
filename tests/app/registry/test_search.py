"""Search as it is asked for: everyday words, filters, and nothing of what is not seen."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.registry_worlds import World, an_id
from triplehelix.app.registry.search import search_assets, suggest
from triplehelix.cli.registry_search import search_command
from triplehelix.errors import InputError, UnknownName
from triplehelix.registry.capacity import Promise
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer
from triplehelix.store.registry.capacities import reserve

SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


@pytest.fixture
def leeds(world: World) -> World:
    """Three assets of two members in Leeds and London."""
    one, two = world.member("Aire Laboratories"), world.member("Thames Works")
    at_leeds = {"town": "Leeds", "lat": 53.8, "lon": -1.55}
    world.asset("Blue line", one, capabilities=["pcr-testing"], place=at_leeds)
    world.asset("Green hall", one, kind="facility", capabilities=["cryostorage"], place=at_leeds)
    world.asset("Red room", two, kind="facility", capabilities=["cleanroom-space"],
                place={"town": "London", "lat": 51.51, "lon": -0.13})  # fmt: skip
    return world


def names(world: World, query: str = "", viewer: Viewer = VISITOR, **asked: Any) -> list[str]:
    return [hit.name for hit in search_assets(world.registry, viewer, query, **asked).hits]


EVERYDAY = [
    ("PCR machine", "Blue line"), ("thermocycler", "Blue line"), ("thermocyler", "Blue line"),
    ("somewhere cold to keep frozen samples", "Green hall"), ("freezar", "Green hall"),
    ("sterile room to rent", "Red room"), ("clean rooms", "Red room"), ("thames", "Red room"),
    ("gren hall", "Green hall"), ("freezer in Leeds", "Green hall"), ("facility in London", "Red room"),
]  # fmt: skip


def test_everyday_words(leeds):
    assert [(query, names(leeds, query)[:1]) for query, _ in EVERYDAY] == [
        (q, [first]) for q, first in EVERYDAY
    ]


def test_what_a_hit_tells(leeds):
    found = search_assets(leeds.registry, VISITOR, "qPCR", near=(53.8, -1.5), within_km=10)
    hit = found.hits[0]
    assert (hit.name, hit.kind, hit.member, hit.town) == (
        "Blue line",
        "equipment",
        "Aire Laboratories",
        "Leeds",
    )
    assert hit.distance_km == pytest.approx(0.05 * 111.19 * 0.5906, abs=0.06)
    assert hit.why[0] == "PCR testing"
    assert [(o.kind, o.name) for o in found.others] == [("capability", "PCR testing")]
    assert search_assets(leeds.registry, VISITOR, "thermocyler").instead == {
        "thermocyler": "thermocycler"
    }


def test_themes_beside_a_search_are_those_it_names(leeds):
    def themes(query):
        others = search_assets(leeds.registry, VISITOR, query).others
        return [other.id for other in others if other.kind == "theme"]

    assert themes("gene therapy") == ["advanced-therapies"]
    # Learning machines have a theme, but a machine alone is not what the question is about.
    assert themes("PCR machine") == []


def test_filters_and_facets(leeds):
    assert names(leeds) == ["Blue line", "Green hall", "Red room"]
    assert names(leeds, kind="facility") == ["Green hall", "Red room"]
    assert names(leeds, capability="diagnostics-testing") == ["Blue line"], "narrower ones too"
    assert names(leeds, near="Leeds", within_km=5) == ["Blue line", "Green hall"]
    assert names(leeds, member=an_id("member", "Thames Works")) == ["Red room"]
    facets = search_assets(leeds.registry, VISITOR).facets
    assert [(f.label, f.n) for f in facets["kind"]] == [("facility", 2), ("equipment", 1)]
    assert {f.label: f.n for f in facets["member"]} == {"Aire Laboratories": 2, "Thames Works": 1}
    assert {f.value for f in facets["capability"]} == {
        "pcr-testing",
        "cryostorage",
        "cleanroom-space",
    }


def test_a_network_and_what_is_in_it(leeds):
    whole, part = leeds.network("North"), leeds.network("Yorkshire")
    leeds.compose(whole, part)
    leeds.join(part, an_id("member", "Aire Laboratories"))
    assert names(leeds, network=whole) == ["Blue line", "Green hall"]
    leeds.join(part, an_id("member", "Thames Works"), "private")
    assert names(leeds, network=whole) == ["Blue line", "Green hall"], "a tie that is not seen"
    assert len(names(leeds, "", COMMAND_LINE, network=whole)) == 3


def test_pages(leeds):
    assert [names(leeds, limit=2, page=n) for n in (1, 2, 3)] == [
        ["Blue line", "Green hall"],
        ["Red room"],
        [],
    ]


REFUSED = [
    ({"kind": "machine"}, "no kind of asset"), ({"limit": 0}, "from 1 to 100"), ({"page": 0}, "first is 1"),
    ({"within_km": 5.0}, "give `near`"), ({"near": (91.0, 0.0)}, "latitude, then longitude"),
    ({"near": (float("nan"), 0.0)}, "degrees"), ({"amount": 5.0}, "which capability"),
    ({"amount": float("inf"), "capability": "mri"}, "0 or more"), ({"query": "x" * 2001}, "at most 2000"),
]  # fmt: skip


@SQLITE
def test_what_is_refused(leeds):
    for asked, said in REFUSED:
        with pytest.raises(InputError, match=said):
            search_assets(leeds.registry, VISITOR, **asked)


ABSENT = [
    {"capability": "nothing-such"}, {"near": "Xyzzytown"}, {"member": "mb_x"}, {"network": an_id("network", "no")},
    {"member": an_id("member", "Hidden")},
]  # fmt: skip


@SQLITE
def test_what_is_not_there(leeds):
    leeds.member("Hidden", None, "private")
    for asked in ABSENT:
        with pytest.raises(UnknownName, match=r"no such|no capability|no town"):
            search_assets(leeds.registry, VISITOR, **asked)


def test_so_much_left_on_a_day(world):
    member = world.member("Leeds")
    day = world.registry.clock.now.date() + timedelta(days=30)
    for name, amount, more in (
        ("Small", 10, {}), ("Large", 100, {}), ("Weekly", 700, {"per": "week"}), ("Planned", 100, {"state": "planned"}),
        ("Stated", 100, {"state": "stated"}), ("Ended", 100, {"ends": "2026-03-05"}), ("Slow", 100, {"lead_days": 60}),
        ("Other", 100, {"unit": "doses"}), ("Hidden", 100, {"shown": "private"}),
    ):  # fmt: skip
        world.capacity(world.asset(name, member), amount=amount, **more)
    asked = {"capability": "diagnostics-testing", "amount": 50.0, "unit": "samples/day", "by": day}
    assert names(world, **asked) == ["Large", "Stated", "Weekly"]
    own = Viewer("us_x", "x", frozenset({f"member:{member}"}))
    assert names(world, viewer=own, **asked) == ["Hidden", "Large", "Stated", "Weekly"]
    with world.registry.look(own) as sight:
        large = sight.capacities([an_id("asset", "Large")])[0].capacity_id
    with world.registry.change(own) as change:
        reserve(change, large, Promise(60, day, day), "a call")
    assert names(world, viewer=own, **asked) == ["Hidden", "Stated", "Weekly"]
    assert names(world, viewer=own, **asked | {"by": day + timedelta(days=1)})[1] == "Large"
    assert names(world, **asked) == ["Large", "Stated", "Weekly"], "visitors see no reservation"
    hit = search_assets(world.registry, own, capability="pcr-testing", amount=1, by=day).hits
    assert {h.name: h.left for h in hit}["Large"] == 40


SAID = ["oven and lens", "PCR machine", "frozn samples", "zirconium", "zircnium", "glasgow", "works", "blood", "",
        "pump in Leeds", "kiln", "mass spectrometer hall"]  # fmt: skip
TEXTS = [
    "zirconium kiln of works",
    "PCR machine",
    "glasgow oven",
    "lens lens lens",
    "blood freezer hall",
    "pump",
]
SLUGS = ["pcr-testing", "cryostorage", "mass-spectrometry", "biobanking", "bsl3"]


def everything(world: World, viewer: Viewer) -> str:
    """All that search tells a viewer, as one text."""
    told: list[Any] = []
    for query in SAID:
        for asked in ({}, {"near": (53.8, -1.5), "within_km": 300.0}, {"limit": 3, "page": 2}):
            told += [asdict(search_assets(world.registry, viewer, query, **asked))]
    for asked in ({"kind": "facility"}, {"capability": "diagnostics-testing"},
                  {"capability": "pcr-testing", "amount": 5.0, "by": date(2026, 6, 1)}):  # fmt: skip
        told += [asdict(search_assets(world.registry, viewer, "", **asked))]
    told += [
        asdict(s)
        for p in ("z", "pcr", "gl", "hidden", "a")
        for s in suggest(world.registry, viewer, p)
    ]
    return json.dumps(told)


def fill(world: World, seed: int, *, hidden_first: bool | None, onlooker: str) -> None:
    """A world at random; with rows that the onlooker does not see, before or after, or without."""
    rng, unseen = Random(seed), Random(seed + 1000)
    network = world.network("N")
    members = [world.member(f"member {t}", network) for t in ("works", "glasgow", "hall")]
    audiences = ["private", f"named:{members[1]}", f"network:{network}"]
    if onlooker != "nobody":
        audiences = ["private", f"named:{members[1]}"]

    def hide() -> None:
        for n in range(20):
            shown = unseen.choice(audiences)
            if n % 4 == 0:
                world.member(f"{unseen.choice(TEXTS)} hidden {n}", None, "private")
            made = world.asset(
                f"{unseen.choice(TEXTS)} hidden {n}", members[1], shown, description=unseen.choice(TEXTS) * 5,
                capabilities=unseen.sample(SLUGS, 2), kind="facility", status="closed",
                place={"town": "Leeds", "lat": 53.8, "lon": -1.5},
            )  # fmt: skip
            world.capacity(made, amount=50)

    if hidden_first is True:
        hide()
    for n in range(12):
        holder = rng.choice([None, *members])
        shown = {"*": rng.choice(["public", "public", "signed-in"])}
        fields = {
            "capabilities": rng.sample(SLUGS, rng.randint(0, 2)),
            "manufacturer": rng.choice(TEXTS),
        }
        secret = {"description": unseen.choice(TEXTS), "place": {"town": "Glasgow", "lat": 55.9, "lon": -4.3},
                  "department": unseen.choice(TEXTS), "status": "closed"}  # fmt: skip
        if hidden_first is not None and holder != members[0]:
            fields |= secret
            shown |= dict.fromkeys(secret, "private" if holder != members[1] else audiences[0])
        made = world.asset(f"{rng.choice(TEXTS)} {n}", holder, shown, **fields)
        if n % 3 == 0:
            world.capacity(made, amount=rng.randint(1, 9))
        if n % 4 == 0 and hidden_first is not None and holder != members[0]:
            world.capacity(made, amount=99, shown="private")
    if hidden_first is False:
        hide()


@pytest.mark.parametrize("seed", range(1))
@pytest.mark.parametrize("onlooker", ["nobody", "somebody", "member", "reader"])
@SQLITE
def test_what_is_not_seen_changes_nothing(
    tmp_path, empty_registries, request, registry, seed, onlooker
):
    from tests.registry_worlds import Clock, Ids
    from triplehelix.store.registry.opening import open_registry

    told = []
    for n, hidden_first in enumerate((None, True, False)):
        folder = tmp_path / str(n)
        folder.mkdir()
        opened = open_registry(
            empty_registries["sqlite"](folder, request), clock=Clock(), ids=Ids(str(n))
        )
        world = World(opened)
        fill(world, seed, hidden_first=hidden_first, onlooker=onlooker)
        grants = {"nobody": [], "somebody": ["signed-in"], "member": [f"member:{an_id('member', 'member works')}"],
                  "reader": [f"network:{an_id('network', 'N')}"]}[onlooker]  # fmt: skip
        told.append(
            everything(world, Viewer("us_x", "x", frozenset(grants)) if grants else VISITOR)
        )
        if hidden_first is not None:
            assert everything(world, COMMAND_LINE) != told[-1], "somebody does see it"
        opened.close()
    assert told[0] == told[1] == told[2]


HOSTILE = ["'", '"', '"""a', "NEAR(a b)", "a NEAR/2 b", "*", "a*", "^a", "name:a", ":", "\0", "a\0b", "--", ";",
           "'; drop table records; --", "a OR 1=1", "(((", "AND OR NOT", "\u202eabc", "\u200f", "a" * 2000,
           "x " * 1000, "ﬁ", "İ", "ẞ", "𝔭𝔠𝔯", "👩‍🔬", "%", "_", "\\", "{0}", "%s", "<script>", "&amp;", "\ud83d"]  # fmt: skip


def test_hostile_questions_are_only_words(leeds):
    for query in HOSTILE:
        assert search_assets(leeds.registry, VISITOR, query).total <= 3
        assert all(
            s.kind in ("capability", "asset", "member")
            for s in suggest(leeds.registry, VISITOR, query)
        )
    assert names(leeds) == ["Blue line", "Green hall", "Red room"]


@SQLITE
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.sampled_from(["", "pcr ", '"pcr" ']))
@example("s" * 50, "pcr ")
def test_any_text_is_a_question(leeds, text, before):
    found = search_assets(leeds.registry, VISITOR, before + text)
    assert 0 <= found.total <= 3


def test_quotes_and_operators_mean_nothing(leeds):
    plain = search_assets(leeds.registry, VISITOR, "pcr machine")
    for query in ('"pcr" machine', "pcr* (machine)", "^pcr: machine;", "pcr\u202e machine"):
        assert [asdict(h) for h in search_assets(leeds.registry, VISITOR, query).hits] == [
            asdict(h) for h in plain.hits
        ]


def test_suggestions_are_public_only(leeds):
    leeds.asset("Blue secret", None, "private")
    leeds.asset("Blue note", None, "signed-in")
    for viewer in (VISITOR, COMMAND_LINE):
        assert [s.text for s in suggest(leeds.registry, viewer, "blue l")] == ["Blue line"]
        assert [s.text for s in suggest(leeds.registry, viewer, "BLUE") if s.kind == "asset"] == [
            "Blue line"
        ]
    assert suggest(leeds.registry, VISITOR, "thermocy")[0].id == "pcr-testing"
    assert suggest(leeds.registry, VISITOR, " ") == []


def test_a_reranker_reads_what_is_seen_and_orders_anew(leeds):
    leeds.asset(
        "Blue secret",
        None,
        {"*": "public", "description": "private"},
        description="canary",
        capabilities=["pcr-testing"],
    )
    read: list[str] = []

    def by_length(question: str, texts: Any) -> list[float]:
        read.extend(texts)
        return [float(len(text)) for text in texts]

    found = search_assets(leeds.registry, VISITOR, "PCR", reranker=by_length)
    assert [hit.name for hit in found.hits] == ["Blue secret", "Blue line"]
    assert "canary" not in " ".join(read)


@SQLITE
def test_the_command(leeds, tmp_path):
    leeds.asset("Hidden freezer", None, "private", capabilities=["cryostorage"])
    address = leeds.registry.engine.url.database
    ask = ["freezer", "--registry", address, "--json"]
    ours = json.loads(CliRunner().invoke(search_command, ask, catch_exceptions=False).stdout)
    public = json.loads(
        CliRunner().invoke(search_command, [*ask, "--as", "public"], catch_exceptions=False).stdout
    )
    assert [hit["name"] for hit in ours] == ["Hidden freezer", "Green hall"]
    assert [(hit["id"], hit["name"]) for hit in public] == [
        (an_id("asset", "Green hall"), "Green hall")
    ]
    user = leeds.user("ada", ("member", an_id("member", "Thames Works")))
    told = CliRunner().invoke(
        search_command, ["freezr", "--registry", address, "--as", user], catch_exceptions=False
    )
    assert "Nothing is called 'freezr'; searched for 'freeze" in told.stdout
    assert "Green hall" in told.stdout
    with pytest.raises(UnknownName, match="no user"):
        CliRunner().invoke(search_command, [*ask, "--as", "us_x"], catch_exceptions=False)
