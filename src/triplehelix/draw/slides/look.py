"""How slides look: the page in points, its places, colours and sizes."""

from typing import NamedTuple


class Box(NamedTuple):
    """A place on a slide, in points from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    def mirrored(self) -> "Box":
        """The same place on a slide that is read from right to left."""
        return self._replace(left=WIDTH - self.left - self.width)

    def columns(self, first: float, gap: float = 28.0) -> tuple["Box", "Box"]:
        """Two columns, the first of them so wide a part of what the gap leaves."""
        wide = (self.width - gap) * first
        return (
            self._replace(width=wide),
            self._replace(left=self.left + wide + gap, width=self.width - gap - wide),
        )

    def below(self, height: float) -> "Box":
        """What is left under so much of it."""
        return self._replace(top=self.top + height, height=self.height - height)


# 16:9, as PowerPoint's own slides: 13.33 by 7.5 inches.
WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 48.0
_ACROSS = WIDTH - 2 * MARGIN
KICKER = Box(MARGIN, 26, _ACROSS, 18)
TITLE = Box(MARGIN, 44, _ACROSS, 60)
BODY = Box(MARGIN, 112, _ACROSS, 354)
SOURCES = Box(MARGIN, 474, _ACROSS, 28)
FOOTER = Box(MARGIN, 510, 720, 18)
NUMBER = Box(WIDTH - MARGIN - 90, 510, 90, 18)
COVER_TITLE = Box(MARGIN + 24, 150, _ACROSS - 48, 120)
COVER_SUBTITLE = Box(MARGIN + 24, 290, _ACROSS - 48, 60)
COVER_CODE = Box(WIDTH - MARGIN - 96, 36, 96, 96)
COVER_ABOUT = Box(MARGIN + 24, 400, _ACROSS - 48, 80)

# On every computer that opens slides, or replaced there by a font of equal widths.
HEADINGS, TEXT = "Georgia", "Arial"
# For letters that those lack: with Office on Windows and macOS. Their headings have no serifs.
EAST_ASIAN = {"ja": "Yu Gothic", "ko": "Malgun Gothic", "zh": "Microsoft YaHei"}
SCRIPTS = {"Jpan": "ja", "Hang": "ko", "Hans": "zh"}

# The least size is for whoever sits at the back; sources are for whoever holds the file.
LEAST, SOURCE_SIZE, TITLE_SIZES = 12.0, 10.0, (28.0, 24.0, 20.0)
# Exact, so that a text is as tall with one font as with another.
LEADING = 1.25

# The theme's colours, by the names that the file format gives them.
THEME = {
    "dk1": "16302F", "lt1": "FBFAF7", "dk2": "55696A", "lt2": "EEF2F1", "accent1": "0B5563",
    "accent2": "5FA0A5", "accent3": "8A7F9C", "accent4": "9FB3B2", "accent5": "C2702E",
    "accent6": "2F6DB3", "hlink": "0B5563", "folHlink": "0B5563",
}  # fmt: skip
INK, SOFT, WATER, ACCENT, LINK = "tx1", "tx2", "bg2", "accent1", "accent1"
LINES, LAND, SHORE = "D9DFDC", "FFFFFF", "C3CDCA"
KINDS = {
    "first": "accent1", "second": "accent2", "third": "accent3", "other": "accent4",
    "partner": "accent5", "": "accent1",
}  # fmt: skip
