"""
Each table's columns, types, units and key.

`EDITION` holds the tables an edition is made of, in the order of the pipeline. `STAGED`
holds what every reader hands on: one vocabulary for all sources, so that no later stage
knows where a row came from. `REFERENCE` holds what enriches and never adds organisations,
`PASSED` what one stage leaves for the next.

Types are Arrow types. Degrees are WGS 84; money is in the currency named beside it; NULL
means unknown and is never written as 0; theme and period are `all` where they are not split.
"""

from typing import NamedTuple

import pyarrow as pa

TEXT, WHOLE, REAL, FLAG, DAY = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32()
TEXTS = pa.list_(TEXT)
CODES = pa.list_(pa.struct([("scheme", TEXT), ("value", TEXT)]))
MONEY = pa.decimal128(18, 2)


class TableSpec(NamedTuple):
    """A table's name, its key columns, and all of its columns in order."""

    name: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, pa.DataType], ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, key columns not nullable."""
        return pa.schema([pa.field(n, t, nullable=n not in self.key) for n, t in self.columns])

    def empty(self) -> pa.Table:
        """The table without rows."""
        return self.schema.empty_table()


def _spec(name: str, key: str, /, **columns: pa.DataType) -> TableSpec:
    return TableSpec(name, tuple(key.split()), tuple(columns.items()))


HELICES = ("academia", "industry", "health", "government", "nonprofit", "unknown")
CLUSTER_KINDS = ("diverse", "specialised", "r&d-collaborating")
PRECISIONS = ("address", "postcode", "district", "city", "region", "country", "none")
ACTIVITY_KINDS = (
    "project", "trial", "publication", "patent", "centre", "network", "consortium", "venture",
)  # fmt: skip
ROLES = ("lead", "partner", "host", "manufacturer", "site", "funder")

# A share is kept as a whole number of these parts, so that shares of an activity sum to
# exactly one whatever the order of addition; columns named `share` hold parts / SHARE_PARTS.
SHARE_PARTS = 1_000_000_000

EDITION = {spec.name: spec for spec in (
    _spec("organisations", "organisation_id",
          organisation_id=TEXT, name=TEXT, names=TEXTS, helix=TEXT, country=TEXT,
          main_site_id=TEXT, parent_id=TEXT, sources=TEXTS, n_records=WHOLE),
    _spec("sites", "site_id",
          site_id=TEXT, organisation_id=TEXT, name=TEXT, place_id=TEXT, lat=REAL, lon=REAL,
          precision=TEXT, source=TEXT),
    _spec("places", "place_id",
          place_id=TEXT, name=TEXT, names=TEXTS, country=TEXT, lat=REAL, lon=REAL,
          population=WHOLE, population_year=WHOLE, source=TEXT),
    _spec("identifiers", "entity_kind entity_id scheme value",
          entity_kind=TEXT, entity_id=TEXT, scheme=TEXT, value=TEXT),
    _spec("records", "record_id",
          record_id=TEXT, source=TEXT, source_record_id=TEXT, file=TEXT, entity_kind=TEXT,
          entity_id=TEXT, name=TEXT, matched_how=TEXT, match_probability=REAL,
          confidence=TEXT, source_url=TEXT, note=TEXT),
    _spec("successors", "earlier_id", earlier_id=TEXT, organisation_id=TEXT),
    _spec("activities", "activity_id",
          activity_id=TEXT, kind=TEXT, title=TEXT, start=DAY, end=DAY, amount=MONEY,
          currency=TEXT, amount_note=TEXT, source=TEXT, url=TEXT),
    _spec("texts", "activity_id language", activity_id=TEXT, language=TEXT, summary=TEXT),
    _spec("participations", "participation_id",
          participation_id=TEXT, activity_id=TEXT, organisation_id=TEXT, site_id=TEXT,
          role=TEXT, share=REAL, amount=MONEY, currency=TEXT, record_id=TEXT),
    _spec("themes", "theme",
          theme=TEXT, label=TEXT, definition=TEXT, broader=TEXT, roles=TEXTS, scheme=TEXT,
          version=TEXT),
    _spec("activity_themes", "activity_id theme",
          activity_id=TEXT, theme=TEXT, weight=REAL, how=TEXT),
    _spec("clusters", "cluster_id",
          cluster_id=TEXT, name=TEXT, places=TEXTS, countries=TEXTS, theme=TEXT, period=TEXT,
          method=TEXT, level=WHOLE, parent_id=TEXT, kind=TEXT, centre_lat=REAL,
          centre_lon=REAL, footprint=pa.binary(), area_km2=REAL, n_organisations=WHOLE,
          n_activities=WHOLE, weight=REAL, stability=REAL, p_value=REAL, q_value=REAL,
          evidence=TEXT),
    _spec("memberships", "cluster_id site_id",
          cluster_id=TEXT, site_id=TEXT, organisation_id=TEXT, probability=REAL, core=FLAG),
    _spec("place_clusters", "place_id level",
          place_id=TEXT, level=WHOLE, cluster_id=TEXT, distance_km=REAL),
    _spec("overlaps", "cluster_id area_scheme area_id",
          cluster_id=TEXT, area_scheme=TEXT, area_id=TEXT, area_name=TEXT,
          share_of_cluster=REAL, share_of_area=REAL, n_organisations=WHOLE),
    _spec("profiles", "cluster_id measure theme period",
          cluster_id=TEXT, measure=TEXT, theme=TEXT, period=TEXT, value=REAL, low=REAL,
          high=REAL, n=WHOLE, note=TEXT),
    # `subject` is an organisation, a helix or a source, or `all` where it is of none of these.
    _spec("prospects", "cluster_id kind theme subject",
          cluster_id=TEXT, kind=TEXT, theme=TEXT, subject=TEXT, value=REAL, low=REAL, high=REAL,
          expected=REAL, n=WHOLE, p_value=REAL, q_value=REAL, evidence=TEXT, note=TEXT),
    # `from` and `to` are a cluster_id or an ISO country code each.
    TableSpec("links", ("from", "to", "theme", "period"), (
        ("from", TEXT), ("to", TEXT), ("theme", TEXT), ("period", TEXT), ("weight", REAL),
        ("n_activities", WHOLE), ("expected", REAL), ("residual", REAL), ("low", REAL),
        ("high", REAL), ("p_value", REAL))),
    _spec("forecasts", "between level theme period measure",
          between=TEXT, level=WHOLE, theme=TEXT, period=TEXT, measure=TEXT, value=REAL, low=REAL,
          high=REAL, n=WHOLE, note=TEXT),
    _spec("lineage", "cluster_id earlier_cluster_id",
          cluster_id=TEXT, earlier_cluster_id=TEXT, event=TEXT, overlap=REAL),
    _spec("figures", "organisation_id measure period",
          organisation_id=TEXT, measure=TEXT, period=TEXT, value=REAL, unit=TEXT,
          source=TEXT),
    _spec("rejects", "source content_hash n",
          source=TEXT, content_hash=TEXT, n=WHOLE, file=TEXT, row=WHOLE, reason=TEXT,
          raw=TEXT),
)}  # fmt: skip

# `row` counts data rows of a file from 1; `content_hash` is that of the row as read.
_FROM = {"source": TEXT, "source_record_id": TEXT, "file": TEXT, "row": WHOLE,
         "content_hash": TEXT}  # fmt: skip
_DOUBT = {"source_url": TEXT, "confidence": TEXT, "note": TEXT}

STAGED = {spec.name: spec for spec in (
    # What one row says of one organisation at one place; `mention_id` hashes all of it.
    _spec("staged_organisations", "mention_id",
          mention_id=TEXT, **_FROM, name=TEXT, names=TEXTS, helix=TEXT, country=TEXT,
          street=TEXT, postcode=TEXT, city=TEXT, lat=REAL, lon=REAL, precision=TEXT,
          identifiers=CODES, parent_record_id=TEXT, **_DOUBT),
    _spec("staged_activities", "source source_record_id",
          **_FROM, kind=TEXT, title=TEXT, start=DAY, end=DAY, amount=MONEY, currency=TEXT,
          amount_note=TEXT, summary=TEXT, language=TEXT, themes=TEXTS, codes=CODES,
          url=TEXT, **_DOUBT),
    _spec("staged_participations", "source source_record_id",
          **_FROM, activity_record_id=TEXT, mention_id=TEXT, role=TEXT, amount=MONEY,
          currency=TEXT, **_DOUBT),
    # A code or a theme given for an activity in a file of its own (EuroSciVoc, legal basis).
    _spec("staged_codes", "source source_record_id",
          **_FROM, activity_record_id=TEXT, scheme=TEXT, value=TEXT),
    _spec("staged_figures", "source source_record_id",
          **_FROM, organisation_record_id=TEXT, measure=TEXT, period=TEXT, value=REAL,
          unit=TEXT),
    _spec("rejected_rows", "file row",
          source=TEXT, content_hash=TEXT, file=TEXT, row=WHOLE, reason=TEXT, raw=TEXT),
    # Every kept row with its text, so that a row found to repeat another can still be shown
    # whole (not those of reference sources: of several records the fullest is simply taken).
    _spec("read_rows", "file row",
          source=TEXT, file=TEXT, row=WHOLE, content_hash=TEXT, raw=TEXT),
)}  # fmt: skip

REFERENCE = {spec.name: spec for spec in (
    _spec("reference_organisations", "ror_id",
          ror_id=TEXT, name=TEXT, names=TEXTS, acronyms=TEXTS, helix=TEXT, country=TEXT,
          place_id=TEXT, city=TEXT, lat=REAL, lon=REAL, parent_id=TEXT, status=TEXT,
          successor_id=TEXT, identifiers=CODES, website=TEXT),
    _spec("reference_places", "place_id",
          place_id=TEXT, name=TEXT, names=TEXTS, country=TEXT, lat=REAL, lon=REAL,
          population=WHOLE, population_year=WHOLE, source=TEXT),
    # `postcode` without blanks; level: postcode, sector (`AB101`), outcode (`AB10`).
    _spec("reference_postcodes", "level postcode",
          level=TEXT, postcode=TEXT, lat=REAL, lon=REAL, source=TEXT),
    # Geometries are WKB in OGC:CRS84; land is in pieces that do not overlap, each with its box.
    _spec("reference_land", "piece_id",
          piece_id=TEXT, geometry=pa.binary(), west=REAL, south=REAL, east=REAL, north=REAL),
    _spec("reference_areas", "area_scheme area_id",
          area_scheme=TEXT, area_id=TEXT, area_name=TEXT, geometry=pa.binary()),
)}  # fmt: skip

# What one stage leaves for the next and no edition keeps; staged tables come in as `incoming_`
# and leave the first stage as `staged_`, without rows that repeat others.
PASSED = {spec.name: spec for spec in (
    *(spec._replace(name=name.replace("staged_", "incoming_"))
      for name, spec in STAGED.items() if name.startswith("staged_")),
    _spec("detection", "theme period",
          theme=TEXT, period=TEXT, min_weight=REAL, weight=WHOLE, n_sites=WHOLE),
    # What was found; the edition's clusters are these with the kinds that were measured.
    TableSpec("found_clusters", ("cluster_id",), EDITION["clusters"].columns),
    # What resampling and random labelling say, for the profiles to take up.
    _spec("cluster_intervals", "cluster_id measure",
          cluster_id=TEXT, measure=TEXT, value=REAL, low=REAL, high=REAL, n=WHOLE),
    _spec("theme_tests", "cluster_id theme",
          cluster_id=TEXT, theme=TEXT, p_value=REAL, q_value=REAL, n=WHOLE),
    # What links say of each cluster's role, for the profiles to take up.
    TableSpec("cluster_roles", EDITION["profiles"].key, EDITION["profiles"].columns),
    # What lineage compares with: an earlier edition, and its clusters found again today's way.
    *(EDITION[name]._replace(name=f"earlier_{name}")
      for name in ("clusters", "memberships", "sites", "participations", "activities")),
    *(EDITION[name]._replace(name=f"again_{name}") for name in ("clusters", "memberships")),
    _spec("lineage_found", "cluster_id earlier_cluster_id",
          cluster_id=TEXT, earlier_cluster_id=TEXT, event=TEXT, overlap=REAL, by_method=TEXT),
    _spec("lineage_method", "cluster_id earlier_cluster_id",
          cluster_id=TEXT, earlier_cluster_id=TEXT, by_method=TEXT),
    _spec("rejected_per_file", "file", file=TEXT, n=WHOLE),
    TableSpec("reference", ("ror_id",), REFERENCE["reference_organisations"].columns),
    _spec("mention_organisations", "mention_id", mention_id=TEXT, organisation_id=TEXT),
    TableSpec("resolved_organisations", ("organisation_id",), EDITION["organisations"].columns),
)}  # fmt: skip

ALL = {**EDITION, **STAGED, **REFERENCE, **PASSED}
