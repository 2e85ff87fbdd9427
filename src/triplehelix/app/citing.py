"""How an edition, a cluster of it, or an offer made from it is cited."""

from dataclasses import dataclass
from urllib.parse import quote

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.contents import contents
from triplehelix.app.offers.gathering import edition_period, edition_sources
from triplehelix.app.offers.question import OfferQuestion
from triplehelix.store.edition import Edition

# What TeX takes for itself, and how it is written to be read. Braces by name: BibTeX counts those
# behind a backslash, too, and an odd one would end the entry.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """
    What is cited: `url` is its stable address, which names the edition by its content.

    No date stands in it: an edition is told by what it holds, not by when it was built.
    """

    key: str
    title: str
    edition: str
    edition_id: str
    version: str
    sources: tuple[str, ...]
    period: str
    url: str

    @property
    def bibtex(self) -> str:
        """
        The citation as a BibTeX entry.

        Examples
        --------
        >>> one = Citation("th-1", "Health & care", "Ours", "1", "0.1", ("cordis",), "2014/2020",
        ...                "http://a/editions/1")
        >>> r"Health \\& care" in one.bibtex
        True
        """
        fields = {
            "title": f"{{{_escaped(self.title)}}}",
            "author": "{Triple Helix}",
            "howpublished": f"Edition {_escaped(self.edition)}, {self.edition_id}",
            "version": _escaped(self.version),
            "note": f"Sources: {_escaped(', '.join(self.sources))}. Period: {_period(self.period)}",
            "url": self.url,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}}}\n"

    @property
    def plain(self) -> str:
        """The citation as a sentence."""
        return (
            f"{self.title}. Triple Helix {self.version}, edition {self.edition} "
            f"({self.edition_id}). Sources: {', '.join(self.sources)}, {_period(self.period)}. "
            f"{self.url}"
        )


def cite_edition(edition: Edition, base: str) -> Citation:
    """
    The citation of an edition.

    Parameters
    ----------
    base : address of the atlas, without a slash at the end.
    """
    name = contents(edition).name
    return _citation(edition, base, "", name, "edition")


def cite_cluster(edition: Edition, cluster_id: str, base: str) -> Citation:
    """
    The citation of a cluster in an edition.

    Raises
    ------
    UnknownName
        If the edition has no such cluster.
    """
    name = cluster_row(edition, cluster_id)["name"]
    return _citation(edition, base, cluster_id, name, f"clusters/{quote(cluster_id, safe='')}")


def cite_offer(edition: Edition, question: OfferQuestion, title: str, base: str) -> Citation:
    """The citation of an offer, by the title of its document."""
    what = "-".join(["offer", *question.themes, *filter(None, question.partner.split(","))])
    return _citation(edition, base, what, title, f"offer?{question.query}")


def _citation(edition: Edition, base: str, what: str, title: str, page: str) -> Citation:
    versions = edition.manifest.get("versions") or {}
    return Citation(
        "-".join(filter(None, ["triplehelix", edition.id[:12], what])), title,
        contents(edition).name, edition.id, str(versions.get("triplehelix", "of unknown version")),
        edition_sources(edition), edition_period(edition),
        f"{base}/editions/{quote(edition.id, safe='')}/{page}",
    )  # fmt: skip


def _escaped(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _period(period: str) -> str:
    return period.replace("/", "–")
