"""
The layout of the innovation clusters map, of an edition whose every figure is known by hand.

Twelve organisations stand in Leeds (o01 to o12, one site each, but o01 has a second site there
and o12 has its main site in Hull), six in Hull (h1 to h6). Genomics has a cluster of o01 to o10
in Leeds; Vaccines, of the group Medicines, one of o01 to o06.

    employment  o01 to o06: 10, 20, ... 60 (o01 has an older figure, o02 one for `all` years);
                o07 to o12 unknown; h1 1000, h2 to h6 2 each; h1 dominates
    turnover    o01, o02 in GBP, o03 in EUR
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from tests.app.small_edition import write_edition
from triplehelix.app.dsit import COLUMNS, dsit_bytes, export_dsit
from triplehelix.app.figures import known_figures
from triplehelix.app.published_map import published_map
from triplehelix.app.wkt import outline
from triplehelix.errors import InputError
from triplehelix.measure.complementary import PROTECTS
from triplehelix.measure.disclosure import DOMINATED, TOO_FEW
from triplehelix.read.published import published_clusters
from triplehelix.store.edition import Edition

LEEDS = [f"o{n:02d}" for n in range(1, 13)]
HULL = [f"h{n}" for n in range(1, 7)]


def _cluster(id_: str, name: str, theme: str, lon: float, **more: Any) -> dict[str, Any]:
    return {"cluster_id": id_, "name": name, "places": [name], "countries": ["GB"],
            "theme": theme, "period": "all", "method": "dbscan", "level": 0,
            "footprint": shapely.box(lon, 53.7, lon + 0.1, 53.8).wkb, **more}  # fmt: skip


def _figure(organisation: str, measure: str, value: float, unit: str, period: str) -> Any:
    return {"organisation_id": organisation, "measure": measure, "period": period,
            "value": value, "unit": unit, "source": "table"}  # fmt: skip


def _members(cluster: str, sites: list[str]) -> list[dict[str, Any]]:
    return [{"cluster_id": cluster, "site_id": f"s-{site}", "organisation_id": site[:3],
             "core": True} for site in sites]  # fmt: skip


def hand_worked() -> dict[str, list[dict[str, Any]]]:
    main = {"o12": "s-elsewhere"}
    return {
        "organisations": [
            {"organisation_id": o, "name": o, "main_site_id": main.get(o, f"s-{o}")}
            for o in [*LEEDS, *HULL]
        ],
        "sites": [
            {"site_id": f"s-{o}", "organisation_id": o[:3], "lat": 53.75, "lon": -1.5}
            for o in [*LEEDS, "o01-b", *HULL]
        ],
        "themes": [
            {"theme": "genomics", "label": "Genomics"},
            {"theme": "medicines", "label": "Medicines"},
            {"theme": "vaccines", "label": "Vaccines", "broader": "medicines"},
        ],
        "clusters": [
            _cluster("c-leeds", "Leeds", "all", -1.6), _cluster("c-hull", "Hull", "all", -0.4),
            _cluster("g-leeds", "Leeds", "genomics", -1.6),
            _cluster("v-leeds", "Leeds", "vaccines", -1.6, footprint=None),
            # Not of the level or the period that the edition is about.
            _cluster("wide", "Yorkshire", "all", -1.6, level=1),
            _cluster("old", "Leeds before", "all", -1.6, period="2014/2016"),
        ],
        "memberships": [
            *_members("c-leeds", [*LEEDS, "o01-b"]), *_members("c-hull", HULL),
            *_members("g-leeds", LEEDS[:10]), *_members("v-leeds", LEEDS[:6]),
            *_members("wide", [*LEEDS, *HULL]), *_members("old", LEEDS[:3]),
        ],
        "figures": [
            *(_figure(o, "employment", 10.0 * (n + 1), "people", "2020")
              for n, o in enumerate(LEEDS[:6])),
            _figure("o01", "employment", 999.0, "people", "2018/2019"),
            _figure("o02", "employment", 999.0, "people", "all"),
            _figure("h1", "Employment ", 1000.0, "people", "2021"),
            *(_figure(o, "employment", 2.0, "people", "2021") for o in HULL[1:]),
            _figure("o07", "employment", -1.0, "people", "2021"),
            _figure("o01", "turnover", 1.5, "GBP", "2020"),
            _figure("o02", "turnover", 2.5, "GBP", "2020"),
            _figure("o03", "turnover", 2.5, "EUR", "2020"),
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return write_edition(tmp_path_factory.mktemp("dsit"), hand_worked(), sample=True)


def table(content: bytes) -> dict[tuple[str, str, str], list[Any]]:
    """The first sheet, by another library: names -> figures, None where empty."""
    frame = pd.read_excel(io.BytesIO(content), engine="odf", keep_default_na=False)
    assert tuple(frame.columns) == COLUMNS
    return {
        tuple(row[:3]): [None if v == "" else v for v in row[3:6]] for row in frame.values.tolist()
    }


def noted(content: bytes) -> list[tuple[str, str]]:
    frame = pd.read_excel(io.BytesIO(content), "Notes", engine="odf", keep_default_na=False)
    return [(str(a), str(b)) for a, b in frame.values.tolist()]


def test_without_suppression_every_known_figure_is_there(edition: Edition) -> None:
    """Leeds: 13 sites; 10 + ... + 60 = 210; 1.5 + 2.5 = 4 of GBP. Hull: 1010."""
    assert table(dsit_bytes(edition, "ods", suppress_below=0)) == {
        ("All", "All", "Hull"): [6, 1010, None],
        ("All", "All", "Leeds"): [13, 210, 4],
        ("Genomics", "Genomics", "Leeds"): [10, 210, 4],
        ("Medicines", "Vaccines", "Leeds"): [6, 210, 4],
    }


def test_small_dominated_and_tell_tale_figures_are_held_back(edition: Edition) -> None:
    """
    Turnover rests on two organisations, Hull's employment on one giant.

    Of 12 organisations in Leeds 10 are in genomics: 13 - 10 sites would tell the two others,
    so the smaller count goes; 10 - 6 would tell four, but 10 is gone, and 13 - 6 tells of six.
    """
    assert table(dsit_bytes(edition, "ods")) == {
        ("All", "All", "Hull"): [6, "c", None],
        ("All", "All", "Leeds"): [13, 210, "c"],
        ("Genomics", "Genomics", "Leeds"): ["c", 210, "c"],
        ("Medicines", "Vaccines", "Leeds"): [6, 210, "c"],
    }
    found = published_map(edition)
    reasons = {(r.cluster_id, m): f.reason for r in found.rows for m, f in r.figures.items()
               if f.reason}  # fmt: skip
    assert reasons == {
        ("c-hull", "employment"): DOMINATED, ("g-leeds", "sites"): PROTECTS,
        ("c-leeds", "turnover"): TOO_FEW, ("g-leeds", "turnover"): TOO_FEW,
        ("v-leeds", "turnover"): TOO_FEW,
    }  # fmt: skip


def test_rounding_changes_what_is_shown_and_not_what_is_held_back(edition: Edition) -> None:
    plain, round_ = (table(dsit_bytes(edition, "ods", round_to=n)) for n in (1, 100))
    for name, figures in plain.items():
        for before, after in zip(figures, round_[name], strict=True):
            if isinstance(before, str) or before is None:
                assert after == before
            else:
                assert after == ("c" if before < 50 else int(np.floor(before / 100 + 0.5) * 100))


def test_the_notes_say_where_it_is_from_and_what_was_done(edition: Edition) -> None:
    said = noted(dsit_bytes(edition, "ods"))
    about = dict(said)
    assert about["Edition id"] == edition.id
    assert about["Attribution"] == "Somebody, CC0"
    assert "A sample" in about["Sample"]
    assert "fewer than 5 organisations" in about["Suppression"]
    assert about["Suppressed cells"] == "5 of 12"
    assert "unit: people, periods: 2020, 2021" in about["Employment"]
    assert "unit: GBP" in about["Turnover"]
    assert "Left out for another unit, or no valid figure: 1 " in about["Turnover"]
    partial = [text for name, text in said if name == "Partial employment"]
    # How many organisations a held-back count has is not said here either.
    assert partial == [
        "All / Leeds: rests on 6 of 12 organisations",
        "Genomics / Leeds: rests on a part of its organisations",
    ]
    assert "None" in dict(noted(dsit_bytes(edition, "ods", suppress_below=0)))["Suppression"]


def test_reasons_are_not_published(edition: Edition) -> None:
    content = dsit_bytes(edition, "ods")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml").decode()
    assert all(reason not in text for reason in (TOO_FEW, DOMINATED, PROTECTS))


def test_the_latest_figure_of_the_commonest_unit_is_taken(edition: Edition) -> None:
    found = known_figures(edition)
    assert found.of["employment"]["o01"] == 10.0
    assert found.of["employment"]["o02"] == 20.0
    assert found.of["turnover"] == {"o01": 1.5, "o02": 2.5}
    assert found.left_out == {"employment": 1, "turnover": 1}


@pytest.mark.parametrize("form", ["ods", "csv"])
def test_the_same_edition_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    rows = hand_worked()
    one = write_edition(tmp_path / "one", rows)
    other = write_edition(tmp_path / "other", {k: v[::-1] for k, v in rows.items()})
    assert dsit_bytes(one, form) == dsit_bytes(other, form)


@pytest.mark.parametrize("form", ["ods", "csv"])
def test_what_is_exported_can_be_imported(edition: Edition, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"map.{form}"
    assert export_dsit(edition, form, out) == 4
    read = published_clusters(out)
    assert read.rejected == []
    for ours, theirs in zip(published_map(edition).rows, read.clusters, strict=True):
        assert (ours.sector_type, ours.sector, ours.name) == theirs[1:4]
        assert [f.value for f in ours.figures.values()] == [*theirs[4:7]]
        assert len(theirs.suppressed) == sum(bool(f.reason) for f in ours.figures.values())
        assert (theirs.geometry is None) == (ours.cluster_id == "v-leeds")
        if theirs.geometry is not None:
            lon = -0.4 if ours.name == "Hull" else -1.6
            assert theirs.geometry.equals_exact(
                shapely.box(lon, 53.7, lon + 0.1, 53.8).normalize(), 1e-5
            ) or theirs.geometry.equals(shapely.box(lon, 53.7, lon + 0.1, 53.8))


def test_an_edition_without_clusters_gives_a_file_without_rows(empty: Edition) -> None:
    assert table(dsit_bytes(empty, "ods")) == {}
    assert dsit_bytes(empty, "csv").decode() == ",".join(COLUMNS) + "\r\n"


def test_wrong_arguments_are_said(edition: Edition, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="offered as ods and csv, not 'xls'"):
        dsit_bytes(edition, "xls")
    with pytest.raises(InputError, match="suppress_below is -1; give a whole number"):
        dsit_bytes(edition, "ods", suppress_below=-1)
    with pytest.raises(InputError, match="could not be written .* choose another file"):
        export_dsit(edition, "ods", tmp_path / "no folder" / "x.ods")


# Outlines


def wiggly(n: int) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    radius = 0.3 + 0.01 * np.sin(turn * 40)
    return shapely.Polygon(
        np.column_stack([-1.5 + radius * np.cos(turn), 53.8 + radius * np.sin(turn)])
    )


def test_a_long_outline_is_simplified_until_it_fits_and_stays_near() -> None:
    shape = wiggly(5000)
    found = outline(shape.wkb)
    assert found.wkt is not None
    assert len(found.wkt) <= 32_767
    assert found.tolerance_degrees > 0
    back = shapely.from_wkt(found.wkt)
    assert back.is_valid
    assert shapely.hausdorff_distance(shape, back) <= found.tolerance_degrees + 2e-5


def test_an_outline_that_fits_is_only_rounded() -> None:
    shape = wiggly(500)
    found = outline(shape.wkb)
    assert found.tolerance_degrees == 0
    assert found.wkt is not None
    assert shapely.hausdorff_distance(shape, shapely.from_wkt(found.wkt)) <= 1e-5
    assert outline(None).wkt is None
    assert outline(shapely.Polygon().wkb).wkt is None


def test_an_outline_smaller_than_the_grid_is_not_lost() -> None:
    found = outline(shapely.box(0, 52, 1e-6, 52 + 1e-6).wkb)
    assert found.wkt is not None
    assert found.wkt.startswith("POLYGON ((")


def test_a_simplified_outline_is_noted(tmp_path: Path) -> None:
    rows = hand_worked()
    rows["clusters"][0]["footprint"] = wiggly(5000).wkb
    content = dsit_bytes(write_edition(tmp_path, rows), "ods")
    [said] = [text for name, text in noted(content) if name == "Simplified outline"]
    assert said.startswith("All / Leeds: by ")
