"""Importing files: each row told of, nothing twice, nothing fetched, nothing that others may not."""

import io
import json
import socket
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from sqlalchemy import func, select

from tests.app.registry.uniquip_files import GOOD, exported, rows_of, written
from tests.registry_worlds import World, an_id
from triplehelix.app.registry.importing import corrections_file, import_file
from triplehelix.errors import Forbidden, InputError, UnknownName
from triplehelix.formulas import guarded, unguarded
from triplehelix.registry.exchange.reports import ImportReport
from triplehelix.registry.exchange.taking import stable_html
from triplehelix.registry.exchange.uniquip_columns import COLUMNS
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR
from triplehelix.store.registry.opening import Registry
from triplehelix.store.registry.tables import LOG_ENTRIES, RECORDS

SQLITE = pytest.mark.parametrize("registry", ["sqlite"], indirect=True)


def statuses(report: ImportReport) -> list[tuple[int, str]]:
    return [(row.number, str(row.status)) for row in report.rows]


def count(registry: Registry, table: Any) -> int:
    with registry.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def asset(registry: Registry, report: ImportReport, row: int) -> dict[str, Any]:
    with registry.look(COMMAND_LINE) as sight:
        return dict(sight.record("asset", str(report.rows[row].record_id)).fields)


FILE = [
    {"ID": "E1", "Related Facility ID": "F1", "Name": "Scanner"},
    {"ID": "F1", "Type": "Facility", "Name": "Imaging"},
    {"ID": "E2", "Type": "building"},
    {"ID": "E1", "Name": "Scanner again"},
    {"ID": "E3", "Related Facility ID": "F1, F9"},
    {"ID": "", "Name": "Without an id"},
]  # fmt: skip


def test_good_rows_go_in_and_faulty_ones_are_told(registry: Registry, world: World) -> None:
    member = world.member("Leeds")
    report = import_file(registry, COMMAND_LINE, written(FILE), member_id=member)
    assert statuses(report) == [
        (2, "created"), (3, "created"), (4, "faulty"), (5, "warned"), (6, "faulty"), (7, "created")
    ]  # fmt: skip
    assert report.counts == {"created": 3, "updated": 0, "unchanged": 0, "warned": 1, "faulty": 2}
    assert "has the ID of row 2, which counts" in str(report.rows[3].messages[0])
    assert "'F9' is no facility of this file" in str(report.rows[4].messages[0])
    assert asset(registry, report, 0)["part_of"] == [report.rows[1].record_id]
    with registry.look(COMMAND_LINE) as sight:
        made = sight.record("asset", str(report.rows[0].record_id))
        assert (made.member_id, made.visibility) == (member, {"*": "private", "extra": "private"})
    again = import_file(registry, COMMAND_LINE, written(FILE), member_id=member)
    assert again.counts["unchanged"] == 3 and again.counts["created"] == 0


@SQLITE
def test_an_unchanged_file_writes_nothing_and_a_changed_row_updates_its_record(
    registry: Registry,
) -> None:
    first = import_file(registry, COMMAND_LINE, written(FILE))
    entries, records = count(registry, LOG_ENTRIES), count(registry, RECORDS)
    import_file(registry, COMMAND_LINE, written(FILE))
    assert (count(registry, LOG_ENTRIES), count(registry, RECORDS)) == (entries, records)
    changed = [FILE[0] | {"Name": "New scanner"}, *FILE[1:]]
    report = import_file(registry, COMMAND_LINE, written(changed))
    assert statuses(report)[0] == (2, "updated")
    assert report.rows[0].record_id == first.rows[0].record_id
    assert asset(registry, report, 0)["name"] == "New scanner"
    assert (count(registry, LOG_ENTRIES), count(registry, RECORDS)) == (entries + 1, records)


@SQLITE
def test_strict_and_trial_imports_keep_nothing(registry: Registry) -> None:
    for how in ({"strict": True}, {"dry_run": True}):
        report = import_file(registry, COMMAND_LINE, written(FILE), **how)
        assert not report.kept and report.counts["created"] == 3
        assert all(row.record_id is None for row in report.rows)
        assert count(registry, RECORDS) == 0 and count(registry, LOG_ENTRIES) == 0
    assert import_file(registry, COMMAND_LINE, written(FILE[:2]), strict=True).kept


@SQLITE
def test_faulty_rows_are_corrected_in_a_file_of_their_own(registry: Registry) -> None:
    report = import_file(registry, COMMAND_LINE, written(FILE))
    given_back = rows_of(corrections_file(report))
    assert [row["ID"] for row in given_back] == ["E2", "E3"]
    assert "write equipment or facility" in given_back[0]["Problem"]
    mended = corrections_file(report).replace(b"building", b"equipment").replace(b"F1, F9", b"F1")
    again = import_file(registry, COMMAND_LINE, mended)
    assert [str(row.status) for row in again.rows] == ["created", "created"], again.rows
    assert not again.messages
    assert "Problem" not in rows_of(exported(registry, COMMAND_LINE))[0]


def test_ids_are_each_holder_s_own(registry: Registry, world: World) -> None:
    leeds, york = world.member("Leeds"), world.member("York")
    content = written([{"ID": "1"}])
    first = import_file(registry, COMMAND_LINE, content, member_id=leeds, visibility="public")
    second = import_file(registry, COMMAND_LINE, content, member_id=york)
    third = import_file(registry, COMMAND_LINE, content)
    ids = {report.rows[0].record_id for report in (first, second, third)}
    assert len(ids) == 3 and None not in ids


def test_people_import_for_their_own_members_only(registry: Registry, world: World) -> None:
    network = world.network("North")
    leeds, york = world.member("Leeds", network), world.member("York")
    user = world.viewer(world.user("Ada", ("member", leeds)))
    steward = world.viewer(world.user("Bo", ("steward", network)))
    content = written([{"ID": "1"}])
    assert import_file(registry, user, content, member_id=leeds).counts["created"] == 1
    assert import_file(registry, user, content, member_id=leeds).counts["unchanged"] == 1
    by_steward = import_file(registry, steward, content, member_id=leeds, network_id=network)
    # The steward does not see Leeds' private record, and so learns nothing of it.
    assert by_steward.counts["created"] == 1
    assert import_file(registry, steward, content, network_id=network).counts["unchanged"] == 1
    for viewer, how in ((user, {"member_id": york}), (user, {}), (VISITOR, {"member_id": leeds}),
                        (steward, {"member_id": york, "network_id": network})):  # fmt: skip
        with pytest.raises(Forbidden):
            import_file(registry, viewer, content, **how)
    with pytest.raises(UnknownName):
        import_file(registry, user, content, member_id=an_id("member", "nobody"))


@SQLITE
def test_what_is_kept_beside_the_fields_is_the_holder_s_alone(registry: Registry) -> None:
    content = written(
        [{"Contact Email": "a@example.org", "Contact URL": "canary", "Odd": "canary"}]
    )
    import_file(registry, COMMAND_LINE, content, visibility="public")
    for form in ("uniquip", "jisc", "pidinst", "jsonl", "jsonld", "dcat"):
        assert b"Sorter" in exported(registry, VISITOR, form)
        assert b"canary" not in exported(registry, VISITOR, form)
    assert exported(registry, COMMAND_LINE).count(b"canary") == 2


@SQLITE
def test_our_own_export_names_records_by_their_ids_and_makes_no_second(
    registry: Registry, world: World
) -> None:
    member = world.member("Leeds")
    lab = world.asset("Lab", member, kind="laboratory")
    contact = {"contacts": [{"email": "a@example.org"}], "place": {"site": "North"}}
    world.asset("Scope", member, part_of=[lab], **contact)
    before = count(registry, RECORDS)
    for form in ("uniquip", "jisc", "pidinst"):
        content = exported(registry, COMMAND_LINE, form)
        report = import_file(registry, COMMAND_LINE, content, member_id=member)
        assert report.counts["created"] == report.counts["updated"] == 0, form
        assert report.counts["unchanged"] >= 1
    assert count(registry, RECORDS) == before


@SQLITE
def test_importing_opens_no_connection(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("something was to be fetched")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    address = "http://169.254.169.254/latest/meta-data"
    wiki = "https://en.wikipedia.org/wiki/Leeds"
    row = {column: address for column in COLUMNS if column.endswith(("URL", "Photo", "Address"))}
    row |= {"Location": wiki, "Description": f'<img src="{address}"><a href="{address}">x</a>'}
    assert import_file(registry, COMMAND_LINE, written([row])).counts["created"] == 1
    for value in ({"name": "a", "id": "1", "photo_link": address, "web_link": address},
                  {"name": "b", "landingPage": address, "schemaVersion": "1.0"}):  # fmt: skip
        report = import_file(registry, COMMAND_LINE, json.dumps([value]).encode())
        assert report.counts["created"] == 1


# From OWASP's list of ways around filters of cross-site scripting.
PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>', '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
    '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "</script><script>alert(1)//",
    "<object data=javascript:alert(1)>", "<form action=javascript:alert(1)><input type=submit>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>", "<base href=//evil.example/>",
]  # fmt: skip


@SQLITE
def test_scripts_in_descriptions_are_inert_wherever_they_come_out(registry: Registry) -> None:
    rows = [{"ID": str(n), "Name": "N" + p, "Description": p + "ok", "Web Address": "javascript:alert(1)",
             "Photo": p} for n, p in enumerate(PAYLOADS)]  # fmt: skip
    report = import_file(registry, COMMAND_LINE, written(rows), visibility="public")
    assert report.counts["created"] == len(PAYLOADS)
    for row in rows_of(exported(registry, VISITOR)):
        text = row.get("Description", "").lower()
        assert not any(word in text for word in ("<script", "onerror", "onload", "javascript:", "<img", "style=", "<iframe", "<form", "<base", "<object"))  # fmt: skip
        assert "Web Address" not in row and "Photo" not in row
    for form in ("jsonld", "dcat", "jisc", "pidinst"):
        assert b"<" not in exported(registry, VISITOR, form)  # so none ends a script around it


FORMULAS = [
    "=1+1",
    "+44 1632 960000",
    "-5 degrees",
    "@sum",
    "'=1+1",
    "''x",
    "\uff1d1",
    "=cmd|' /C calc'!A0",
]


@SQLITE
@pytest.mark.parametrize("table_format", ["csv", "tsv", "xlsx"])
def test_formulas_are_guarded_on_the_way_out_and_come_back(
    registry: Registry, table_format: str
) -> None:
    rows = [{"ID": "E" + str(n), "Name": one, "Building": one} for n, one in enumerate(FORMULAS)]
    import_file(registry, COMMAND_LINE, written(rows))
    content = exported(registry, COMMAND_LINE, table_format=table_format)
    if table_format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s"}
        texts = [str(cell.value) for cell in cells]
    else:
        texts = content.decode("utf-8-sig").replace("\t", "\n").replace(",", "\n").split("\n")
    assert not any(text.strip()[:1] in set("=+-@\uff1d") - {""} for text in texts if text.strip())
    assert import_file(registry, COMMAND_LINE, content).counts["unchanged"] == len(FORMULAS)


CELL = st.text(max_size=25) | st.sampled_from(
    ["=1+1", "'=1", 'a"b', "x\ny", "a,b;c", "\u2028", "\x0b", "\ufeff", "\U0001f9ea", "e\u0301", "_x0041_", "  ", "\ufffe"]
)  # fmt: skip
ROW = st.fixed_dictionaries(
    {"Building": CELL},
    optional={column: CELL for column in (*COLUMNS, "Odd one")
              if column not in ("Type", "Site Location", "Related Facility ID", "ID", "Building")},
)  # fmt: skip


@SQLITE
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(ROW, min_size=1, max_size=5), form=st.sampled_from(["csv", "tsv"]))
def test_a_file_comes_back_cell_by_cell(
    registry: Registry, rows: list[dict[str, str]], form: str
) -> None:
    seed = abs(hash(json.dumps(rows, sort_keys=True)))
    told = [
        {**row, "ID": f"{seed}-{n}", "Contact Telephone": "1", "Name": "N"}
        for n, row in enumerate(rows)
    ]
    import_file(registry, COMMAND_LINE, written(told), strict=True)
    content = exported(registry, COMMAND_LINE, table_format=form)
    if form == "tsv":
        content = exported(registry, COMMAND_LINE)
    back = {row["ID"]: row for row in rows_of(content)}
    for row in told:
        assert back[row["ID"]] == {c: guarded(x) for c, x in normal({**GOOD, **row}).items()}
    assert import_file(registry, COMMAND_LINE, content).counts["unchanged"] == len(back)


def normal(row: dict[str, str]) -> dict[str, str]:
    """The published normalisations, written again."""
    found = {}
    for column, cell in row.items():
        plain = cell.replace("\r\n", "\n").replace("\r", "\n")
        plain = "".join(c for c in plain if c in "\t\n" or not (ord(c) < 32 or ord(c) == 127 or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")).strip()  # fmt: skip
        plain = unguarded(plain).strip()
        plain = stable_html(plain) if column == "Description" else plain
        if plain:
            found[column] = plain
    return found


@SQLITE
def test_a_sheet_comes_back_cell_by_cell(registry: Registry) -> None:
    told = [{"ID": "007", "Name": "_x0041_ & <b>", "Building": "12.0", "Description": "<p>x</p>\n<p>y</p>",
             "Odd": "a\n b"}, {"ID": "7", "Name": "Größe \U0001f9ea", "Photo": "no address"}]  # fmt: skip
    import_file(registry, COMMAND_LINE, written(told), strict=True)
    sheet = exported(registry, COMMAND_LINE, table_format="xlsx")
    assert import_file(registry, COMMAND_LINE, sheet).counts["unchanged"] == 2
    as_csv = rows_of(exported(registry, COMMAND_LINE))
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    head, *lines = [
        [unescape(str(cell or "")) for cell in line] for line in book.worksheets[0].values
    ]
    assert [{c: x for c, x in zip(head, line, strict=True) if x} for line in lines] == as_csv


@SQLITE
def test_a_cell_longer_than_a_sheet_holds_is_not_cut_off_in_silence(registry: Registry) -> None:
    import_file(registry, COMMAND_LINE, written([{"Odd": "x" * 40_000}]), strict=True)
    with pytest.raises(InputError, match=r"Odd: 40,000 characters .* export it as \.csv"):
        exported(registry, COMMAND_LINE, table_format="xlsx")
    assert rows_of(exported(registry, COMMAND_LINE))[0]["Odd"] == "x" * 40_000


@SQLITE
@pytest.mark.parametrize(
    ("content", "form", "match"),
    [
        (b"a,b,c\n1,2,3\n", None, "header is not UNIQUIP's: it has a, b, c"),
        (b'[{"id": 1, "name": "a"}]', "uniquip", "is JSON, not a table of UNIQUIP"),
        (b"Type,Name,ID\nequipment,a,1\n", "jisc", "is a table, not jisc"),
        (b'[{"id": 1, "name": "a"}]', "jsonl", "not this registry's own form"),
        (b'[{"x": 1}]', None, "keys of no format known here"),
        (b"Type,Name,ID\n", "xml", "'xml' is no format; give one of"),
        (b"", "uniquip", "the file is empty"),
    ],
)  # fmt: skip
def test_a_file_of_the_wrong_format_is_told(
    registry: Registry, content: bytes, form: str | None, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        import_file(registry, COMMAND_LINE, content, format=form)


@SQLITE
def test_a_header_alone_and_one_row_are_files_too(registry: Registry) -> None:
    assert import_file(registry, COMMAND_LINE, b"Type,Name,ID\r\n").rows == ()
    report = import_file(registry, COMMAND_LINE, written([{"ID": "1"}])[:-2])
    assert statuses(report) == [(2, "created")]


@SQLITE
def test_of_two_columns_of_one_name_the_first_counts(registry: Registry) -> None:
    content = b"Type,Name,Name,Contact Email,Site Location\nequipment,One,Two,a@example.org,N\n"
    report = import_file(registry, COMMAND_LINE, content)
    assert report.rows[0].name == "One" and "is there 2 times" in str(report.messages[0])
    assert rows_of(exported(registry, COMMAND_LINE))[0]["Name (2)"] == "Two"


@SQLITE
def test_ids_that_excel_has_made_dates_of_are_pointed_out(registry: Registry) -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([*GOOD, "ID"])
    book.active.append([*GOOD.values(), datetime(2026, 2, 1)])
    out = io.BytesIO()
    book.save(out)
    report = import_file(registry, COMMAND_LINE, out.getvalue())
    assert "'2026-02-01' is a date or a time in the sheet" in str(report.rows[0].messages[0])


@SQLITE
def test_jisc_and_pidinst_files_update_their_own_records(registry: Registry) -> None:
    jisc = [{"id": "1", "name": "Scope"}, {"name": "No id"}, {"id": "3", "model": "x"}]
    pid = {"identifier": {"identifier": "10.1/x", "identifierType": "DOI"}, "schemaVersion": "1.0"}
    for content, change in (
        (jisc, [{"id": "1", "name": "Scope 2"}, *jisc[1:]]),
        ([{**pid, "name": "Scope"}], [{**pid, "name": "Scope 2"}]),
    ):
        first = import_file(registry, COMMAND_LINE, json.dumps(content).encode())
        assert str(first.rows[0].status) == "created"
        again = import_file(registry, COMMAND_LINE, json.dumps(change).encode())
        assert str(again.rows[0].status) == "updated"
        assert again.rows[0].record_id == first.rows[0].record_id
    faulty = import_file(registry, COMMAND_LINE, json.dumps(jisc).encode())
    line = json.loads(corrections_file(faulty))
    assert line["id"] == "3" and "write at least one of them" in line["Problem"]


def test_a_record_without_capabilities_gets_those_its_words_name(registry):
    rows = [
        ("equipment", "Confocal microscope", "C1"),
        ("equipment", "Desk", "D1"),
    ]
    lines = ["Type,Name,Contact Email,ID,Site Location"]
    lines += [f"{kind},{name},desk@example.org,{own},Main" for kind, name, own in rows]
    report = import_file(registry, COMMAND_LINE, "\n".join(lines).encode())
    assert [row.able for row in report.rows] == [("light-microscopy",), ()]
    assert str(report.messages[0]) == (
        "capabilities: 1 record has capabilities that the words of its row name; look on the "
        "pages whether they are right"
    )
    with registry.look(COMMAND_LINE) as sight:
        scope = sight.record("asset", report.rows[0].record_id)
        assert scope.fields["capabilities"] == ["light-microscopy"]
    # What somebody has corrected since is left as it is.
    with registry.change(COMMAND_LINE) as change:
        fields = {**scope.fields, "capabilities": ["cryo-em"]}
        change.update("asset", scope.record_id, fields)
    import_file(registry, COMMAND_LINE, "\n".join(lines).replace("Main", "North").encode())
    with registry.look(COMMAND_LINE) as sight:
        again = sight.record("asset", scope.record_id)
    assert again.fields["place"]["site"] == "North"
    assert again.fields["capabilities"] == ["cryo-em"]
