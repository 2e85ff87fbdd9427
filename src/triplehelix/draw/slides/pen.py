"""Writing on slides: paragraphs of DrawingML, with their links, in the language's direction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.core import get_global
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from triplehelix.draw.slides.look import LEADING, LINK, Box
from triplehelix.draw.slides.spans import Span, spans
from triplehelix.draw.slides.words import INDENT, Line
from triplehelix.offer.document import Document

# What XML cannot hold, and what would break a line.
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]+")
# What stands beside the pointer is cut by PowerPoint at this length.
_LONGEST_HINT = 250
_OURS = {"en": "en-GB"}


def clean(text: str) -> str:
    """The text without what an office file cannot hold."""
    return _UNFIT.sub(" ", text)


def locale_tag(language: str) -> str:
    """
    A language with its country, as office programs want it for spelling and fonts.

    Examples
    --------
    >>> locale_tag("en"), locale_tag("ja"), locale_tag("he"), locale_tag("pt_BR")
    ('en-GB', 'ja-JP', 'he-IL', 'pt-BR')
    """
    if "_" in language or "-" in language:
        return language.replace("_", "-")
    likely = str(get_global("likely_subtags").get(language, language))
    return _OURS.get(language, f"{language}-{likely.rpartition('_')[2]}")


@dataclass
class Pen:
    """
    What writes a document's texts.

    `slides` are the parts of slides by the key of the section that begins there.
    """

    document: Document
    base: str
    slides: dict[str, Any] = field(default_factory=dict)

    @property
    def rtl(self) -> bool:
        """Whether the document is read from right to left."""
        return self.document.direction == "rtl"

    def place(self, box: Box) -> tuple[Emu, Emu, Emu, Emu]:
        """Where a place is on the slide, as python-pptx wants it; mirrored where it must be."""
        return measures(box.mirrored() if self.rtl else box)

    def write(self, body: Any, lines: Sequence[Line], part: Any, *, align: str = "start") -> None:
        """
        Replace the paragraphs of a text body.

        Parameters
        ----------
        body : a text body of DrawingML (`p:txBody` or `a:txBody`).
        part : the slide that the links start from.
        align : `start`, `end` or `center`.
        """
        for old in body.findall(qn("a:p")):
            body.remove(old)
        for at, line in enumerate(lines):
            last = at == len(lines) - 1
            paragraph = _sub(body, "a:p")
            self._manner(paragraph, line, align, last)
            for span in spans(line.runs, self.document):
                self._run(paragraph, span, line, part)

    def link(self, parent: Any, path: str, hint: str, part: Any) -> None:
        """A link of a run or a shape: into the atlas, or to a slide (`#` and its key)."""
        if path.startswith("#"):
            target = self.slides.get(path[1:])
            if target is not None:
                link = _sub(parent, "a:hlinkClick", action="ppaction://hlinksldjump")
                link.set(qn("r:id"), part.relate_to(target, RT.SLIDE))
            return
        link = _sub(parent, "a:hlinkClick")
        address = path if "://" in path else f"{self.base}{path}"
        link.set(qn("r:id"), part.relate_to(address, RT.HYPERLINK, is_external=True))
        if hint:
            link.set("tooltip", _short(clean(hint)))

    def _manner(self, paragraph: Any, line: Line, align: str, last: bool) -> None:
        sides = ("r", "l") if self.rtl else ("l", "r")
        manner = _sub(
            paragraph, "a:pPr", algn={"start": sides[0], "end": sides[1]}.get(align, "ctr")
        )
        if self.rtl:
            manner.set("rtl", "1")
        if line.bullet:
            # The side where reading begins, whatever the name says.
            manner.set("marL", str(Pt(INDENT)))
            manner.set("indent", str(-Pt(INDENT)))
        _sub(_sub(manner, "a:lnSpc"), "a:spcPts", val=_hundredths(line.size * LEADING))
        _sub(_sub(manner, "a:spcBef"), "a:spcPts", val="0")
        _sub(_sub(manner, "a:spcAft"), "a:spcPts", val=_hundredths(0 if last else line.after))
        if line.bullet:
            _sub(manner, "a:buFont", typeface="Arial")
            _sub(manner, "a:buChar", char="•")
        else:
            _sub(manner, "a:buNone")

    def _run(self, paragraph: Any, span: Span, line: Line, part: Any) -> None:
        run = _sub(paragraph, "a:r")
        manner = _sub(run, "a:rPr", lang=locale_tag(self.document.language))
        if self.document.language != "en":  # names of other languages are checked as English
            manner.set("altLang", locale_tag("en"))
        manner.set("sz", _hundredths(line.size))
        manner.set("b", "1" if span.strong or line.bold else "0")
        colour = LINK if span.path else line.colour
        _sub(_sub(manner, "a:solidFill"), "a:schemeClr", val=colour)
        if span.path:
            self.link(manner, span.path, span.hint, part)
        _sub(run, "a:t").text = clean(span.text)


def measures(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    """A place as python-pptx wants it: left, top, width, height."""
    left, top, width, height = (Emu(round(Pt(1) * each)) for each in box)
    return left, top, width, height


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_HINT else f"{text[: _LONGEST_HINT - 1]}…"


def _hundredths(points: float) -> str:
    return str(round(points * 100))


def _sub(parent: Any, tag: str, **attributes: str) -> Any:
    made = parent.makeelement(qn(tag), attributes)
    parent.append(made)
    return made
