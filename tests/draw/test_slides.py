"""Slides read back: nothing is lost, every number leads to evidence, the bytes are fixed."""

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from pptx.oxml.ns import qn
from pptx.util import Pt

from tests.draw.slides_documents import ALL, HARD, SMALL, figure, hard
from tests.draw.slides_read import BASE, about, deck, leaves, made, runs, text_of
from triplehelix.draw.numbers import interval, shown
from triplehelix.draw.slides.maps import slide_box
from triplehelix.offer.document import (
    Bars,
    Bullets,
    Cell,
    Document,
    Map,
    Paragraph,
    Section,
    Table,
)
from triplehelix.offer.figures import Figure, figures_in
from triplehelix.offer.wording import Name

DECKS = {name: deck(document) for name, document in ALL.items()}
BOTH = pytest.mark.parametrize("name", sorted(ALL))


def every_section(sections):
    for section in sections:
        yield section
        yield from every_section(section.sections)


def blocks(document, kind):
    return [b for s in every_section(document.sections) for b in s.blocks if isinstance(b, kind)]


def written(value):
    """Every text of a value that is no figure: names, sentences, heads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Name):
        yield value.text
    elif isinstance(value, dict):
        yield from written(list(value.values()))
    elif isinstance(value, Document | Section | Paragraph | Bullets | Table | Bars | Map | Cell):
        for field in value.__dataclass_fields__:
            yield from written(getattr(value, field))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from written(each)


def told(f, document):
    return {shown(f, document.language), interval(f, document.language)} - {""}


@BOTH
def test_every_number_on_a_slide_leads_to_its_evidence(name):
    document = ALL[name]
    known = {(text, BASE + f.evidence.path)
             for _, f in document.figures() for text in told(f, document)}  # fmt: skip
    texts = "\n".join(written(document))
    for slide in DECKS[name].slides:
        for text, address, size in runs(slide):
            if not re.search(r"\d", text) or (text, address) in known or text in texts:
                continue
            # The part of a title that goes on, and a page in the contents; sources are tested below.
            own = re.fullmatch(r".* \(\d+/\d+\)", text) or slide.shapes.title.text == "Contents"
            assert own or size == 1000, f"{text!r} leads to {address}"


def dated(figure):
    """A figure's period as English writes it."""
    first, _, last = figure.period.partition("/")
    return f"{first}–{last}" if last and last != first else first


@BOTH
def test_a_figure_stands_with_its_note_wherever_it_stands(name):
    document = ALL[name]
    by_address = {}
    for _, f in document.figures():
        by_address.setdefault(BASE + f.evidence.path, []).append(f)
    for slide in DECKS[name].slides:
        there = {(text, address) for text, address, _ in runs(slide)
                 if any(text in told(f, document) for f in by_address.get(address, ()))}  # fmt: skip
        if not there:
            continue
        notes = text_of(slide.notes_slide)
        linked = {(text, address) for text, address, _ in runs(slide.notes_slide)}
        for text, address in there:
            assert (text, address) in linked
            # Two figures may have one value and one page; one of them is told.
            assert any(
                all(
                    said in notes
                    for said in (f.says, *f.source, dated(f), f.sample.of, f.doubt.words)
                )
                for f in by_address[address]
                if text in told(f, document)
            )
        tips = [link.get("tooltip") for link in slide._element.iter(qn("a:hlinkClick"))
                if link.get("tooltip")]  # fmt: skip
        assert all(document.labels["source"] in tip or len(tip) == 250 for tip in tips)
        assert any(
            document.labels["source"] in text for text, _, size in runs(slide) if size == 1000
        )


@BOTH
def test_every_figure_of_the_document_is_in_the_notes(name):
    document = ALL[name]
    linked = {(text, address) for slide in DECKS[name].slides if slide.has_notes_slide
              for text, address, _ in runs(slide.notes_slide)}  # fmt: skip
    for _, f in document.figures():
        assert (shown(f, document.language), BASE + f.evidence.path) in linked


@BOTH
def test_no_text_and_no_row_is_lost(name):
    document = ALL[name]
    slides = [text_of(slide) for slide in DECKS[name].slides]
    whole = "\n".join(slides)
    for section in every_section(document.sections):
        assert any(text.startswith(section.title[:30]) for text in slides)
        for block in section.blocks:
            if isinstance(block, Paragraph | Bullets):
                for text in written(block):
                    assert text in whole or text in (
                        block.style if isinstance(block, Paragraph) else ""
                    )
    for table in blocks(document, Table):
        for row in table.rows:
            for text in written([cell.runs for cell in row]):
                assert text in whole


def test_long_tables_go_on_with_their_head_and_each_row_once():
    [table] = blocks(HARD, Table)
    drawn = [s.table for slide in DECKS["hard"].slides for s in slide.shapes
             if s.has_table and s.table.cell(0, 0).text == "Name"]  # fmt: skip
    assert len(drawn) > 1
    assert all([c.text for c in one.rows[0].cells] == list(table.columns) for one in drawn)
    names = [row.cells[0].text for one in drawn for row in list(one.rows)[1:]]
    assert names == [row[0].runs[0].text for row in table.rows]
    marks = [row.cells[1].text for one in drawn for row in list(one.rows)[1:]]
    assert marks == ["●", "○", "·"] * 16 + ["●", "○"]


@BOTH
def test_titles_are_clear_and_no_two_alike(name):
    titles = [slide.shapes.title.text for slide in DECKS[name].slides]
    kickers = [text_of(slide).split("\n")[1] for slide in DECKS[name].slides]
    assert all(titles)
    assert len(set(zip(titles, kickers, strict=True))) == len(titles)


@BOTH
def test_contents_lead_to_the_slide_whose_number_they_tell(name):
    slides = list(DECKS[name].slides)
    parts = [slide.part for slide in slides]
    told = {}
    for slide in slides:
        if not slide.shapes.title.text.startswith("Contents"):
            continue
        [table] = [s.table for s in slide.shapes if s.has_table]
        for row in list(table.rows)[1:]:
            for link in row.cells[0]._tc.iter(qn("a:hlinkClick")):
                assert link.get("action") == "ppaction://hlinksldjump"
                target = slide.part.related_part(link.get(qn("r:id")))
                assert parts.index(target) + 1 == int(row.cells[1].text)
                told[row.cells[0].text.strip()] = slides[parts.index(target)]
    for section in every_section(ALL[name].sections):
        assert told[section.title].shapes.title.text.startswith(section.title[:30])
    for at, slide in enumerate(slides[1:], start=2):
        fields = [f for f in slide._element.iter(qn("a:fld")) if f.get("type") == "slidenum"]
        assert [f.find(qn("a:t")).text for f in fields] == [str(at)]


@BOTH
def test_each_shape_is_told_in_words_or_passed_over(name):
    for slide in DECKS[name].slides:
        for shape in [*slide.shapes, *leaves(slide.shapes)]:
            decorative = about(shape).xpath('.//*[local-name()="decorative"]')
            assert shape.is_placeholder or about(shape).get("descr") or decorative


@BOTH
def test_letters_can_be_read_from_the_back(name):
    for slide in DECKS[name].slides:
        assert all(size >= 1200 or size == 1000 for _, _, size in runs(slide))
        assert len({text for text, _, size in runs(slide) if size == 1000}) <= 1


def test_a_chart_and_its_workbook_hold_the_figures():
    for name in ("small", "hard"):
        charts = [s.chart for slide in DECKS[name].slides for s in slide.shapes if s.has_chart]
        expected = blocks(ALL[name], Bars)
        assert len(charts) == len(expected) > 0
        for drawn, chart in zip(charts, expected, strict=True):
            values = [bar.figure.value for bar in chart.bars]
            assert list(drawn.plots[0].series[0].values) == values
            book = openpyxl.load_workbook(BytesIO(drawn.part.chart_workbook.xlsx_part.blob))
            rows = [[c.value for c in row] for row in book["Sheet1"].iter_rows(min_row=2)]
            assert [row[:2] for row in rows] == [[b.label, b.figure.value] for b in chart.bars]
            assert [row[2:4] for row in rows] == [
                [b.figure.doubt.low, b.figure.doubt.high] for b in chart.bars
            ]
            assert [row[-1] for row in rows] == [BASE + b.figure.evidence.path for b in chart.bars]
            assert all(b.figure.says in row and dated(b.figure) in row
                       for row, b in zip(rows, chart.bars, strict=True))  # fmt: skip


def test_intervals_are_error_bars():
    """0.5 (0.25 to 0.625): up 0.125, down 0.25. 0.25 (0.125 to 0.75): up 0.5, down 0.125."""
    [chart] = [s.chart for slide in DECKS["hard"].slides for s in slide.shapes if s.has_chart]
    [bars] = chart._chartSpace.iter(qn("c:errBars"))
    up, down = ([float(v.text) for v in bars.find(qn(side)).iter(qn("c:v"))]
                for side in ("c:plus", "c:minus"))  # fmt: skip
    assert (up, down) == ([0.125, 0.0, 0.5], [0.25, 0.0, 0.125])
    assert chart.value_axis.maximum_scale == 0.75
    assert list(chart.plots[0].categories)[:2] == ["first: 50% (25%–62.5%)", "unknown: –"]


def test_the_map_is_shapes_in_place_and_names_do_not_overlap():
    [drawn] = blocks(SMALL, Map)
    [group] = [s for slide in DECKS["small"].slides for s in slide.shapes if s.shape_type == 6]
    assert about(group).get("descr") == drawn.alt
    circles = {
        about(s).get("name"): s for s in group.shapes if about(s).get("descr") and not s.text
    }
    names = {s.text: s for s in group.shapes if s.text}
    assert set(circles) == {"York", "Leeds", "Hull"} == set(names)
    middle = {n: (s.left + s.width / 2, s.top + s.height / 2) for n, s in circles.items()}
    # In degrees Hull is 0.75 east of York and York 0.47 east of Leeds; Leeds is 0.16 south of it.
    assert (middle["Hull"][0] - middle["York"][0]) / (
        middle["York"][0] - middle["Leeds"][0]
    ) == pytest.approx(0.75 / 0.47, rel=1e-3)
    assert middle["Leeds"][1] > middle["York"][1]
    # Two activities each in York and Leeds, one in Hull: a circle's area is its figure.
    figures = {m.name.text: m.figure.value for m in drawn.marks}
    ratio = (circles["York"].width / circles["Hull"].width) ** 2
    assert ratio == pytest.approx(figures["York"] / figures["Hull"], rel=1e-3)
    [land] = [s for s in group.shapes if about(s).get("name") == "Land"]
    assert len(land._element.findall(f".//{qn('a:path')}")) == 1
    assert len(land._element.findall(f".//{qn('a:moveTo')}")) >= 1


def test_crowded_names_do_not_touch():
    [drawn] = blocks(SMALL, Map)
    marks = tuple(
        replace(mark, name=Name(f"{mark.name.text} {n}"), lat=53.5 + n / 40, lon=-1.0 + n % 3 / 5)
        for n, mark in enumerate(drawn.marks * 8)
    )
    summary = replace(SMALL.sections[0], blocks=(replace(drawn, marks=marks),))
    opened = deck(replace(SMALL, sections=(summary,)))
    [group] = [s for slide in opened.slides for s in slide.shapes if s.shape_type == 6]
    names = [s for s in group.shapes if s.text]
    circles = [s for s in group.shapes if about(s).get("descr") and not s.text]
    assert len(circles) == 24
    assert 3 <= len(names) <= 24
    for at, one in enumerate(names):
        for other in [*names[at + 1 :], *circles]:
            assert not overlap(one, other)


def overlap(a, b):
    return (
        min(a.left + a.width, b.left + b.width) - max(a.left, b.left) > 2
        and min(a.top + a.height, b.top + b.height) - max(a.top, b.top) > 2
    )


@BOTH
def test_shapes_stand_within_the_slide_and_apart(name):
    opened = DECKS[name]
    for slide in opened.slides:
        shapes = [s for s in slide.shapes if not about(s).xpath('.//*[local-name()="decorative"]')]
        for at, one in enumerate(shapes):
            assert one.left >= 0
            assert one.top >= 0
            assert one.left + one.width <= opened.slide_width
            assert one.top + one.height <= opened.slide_height
            for other in shapes[at + 1 :]:
                assert not overlap(one, other), (slide.shapes.title.text, one.name, other.name)


def test_from_right_to_left_all_is_mirrored():
    left, right = DECKS["small"], DECKS["small-he"]
    for slide in right.slides:
        written_in = [r.getparent() for r in slide._element.iter(qn("a:r"))]
        assert {p.find(qn("a:pPr")).get("rtl") for p in written_in} == {"1"}
        assert {r.get("lang") for r in slide._element.iter(qn("a:rPr"))} == {"he-IL"}
        assert {t.get("rtl") for t in slide._element.iter(qn("a:tblPr"))} <= {"1"}
    for one, other in zip(left.slides, right.slides, strict=True):
        for a, b in zip(one.shapes, other.shapes, strict=True):
            if a.shape_type != 6:
                assert b.left == pytest.approx(Pt(960) - a.left - a.width, abs=Pt(0.1))
    charts = [s.chart for slide in right.slides for s in slide.shapes if s.has_chart]
    assert any(c.value_axis.reverse_order for c in charts)


def test_a_figure_beside_text_and_letters_that_a_file_cannot_hold():
    strange = Document("A\x0bB", "C\x00", (), "en", "ltr", (
        Section("s", "T\x1f\ufffe", (Paragraph(("x\x07y ", figure("f", 0.5), " z"),),)),
    ), SMALL.labels)  # fmt: skip
    cover, _, only = deck(strange).slides
    assert cover.shapes.title.text == "A B"
    assert "x y 50% z" in text_of(only)


def test_no_document_is_too_small():
    assert len(deck(replace(SMALL, sections=())).slides) == 2


def entries(content):
    with ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            inner = archive.read(entry)
            yield entry, inner
            if entry.filename.endswith(".xlsx"):
                yield from entries(inner)


def test_a_file_tells_neither_when_nor_by_whom_it_was_made():
    found = list(entries(made(SMALL)))
    assert {entry.date_time for entry, _ in found} == {(1980, 1, 1, 0, 0, 0)}
    for entry, inner in found:
        dates = re.findall(rb"20\d\d-\d\d-\d\dT[\d:]+Z", inner)
        assert set(dates) <= {b"2000-01-01T00:00:00Z"}, entry.filename
        assert b"Canny" not in inner
        assert b"printerSettings" not in inner


_CHILD = """
import hashlib
from tests.draw.slides_documents import SMALL
from tests.draw.slides_read import made
print(hashlib.sha256(made(SMALL)).hexdigest())
"""


def test_two_processes_make_the_same_bytes():
    found = {
        subprocess.run([sys.executable, "-c", _CHILD], env={"PYTHONHASHSEED": seed, "PATH": ""},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


def test_figures_of_a_document_are_those_of_its_sections():
    assert {f.key for _, f in HARD.figures()} == {f.key for f in figures_in(HARD.sections)}
    assert all(isinstance(f, Figure) for _, f in HARD.figures())
    assert slide_box(blocks(SMALL, Map)[0])[0] < -1.55


def test_hard_documents_differ_by_their_language_alone():
    assert len(hard().sections) == len(ALL["he"].sections)
