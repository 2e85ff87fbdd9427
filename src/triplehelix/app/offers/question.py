"""What an offer is asked for: themes, for whom, to which partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlencode

import pycountry

from triplehelix.app.landscape import cluster_countries
from triplehelix.app.names import unknown_theme
from triplehelix.app.offers.wordings import country_in, wording
from triplehelix.app.prepared import prepare
from triplehelix.errors import InputError, UnknownName
from triplehelix.offer.material import Partner, ThemeAsked
from triplehelix.query import Query
from triplehelix.read.country_groups import country_groups
from triplehelix.store.edition import Edition

MOST_THEMES = 3


@dataclass(frozen=True, slots=True)
class OfferQuestion:
    """
    What is asked for.

    Parameters
    ----------
    themes : one to three slugs.
    partner : ISO 3166-1 alpha-2 codes and groups (`eu27`, `commonwealth`), with commas between
        them; empty for none.
    audience : a slug of the value chain's file.
    country : only clusters in this country; empty for all that are not the partner's.
    roles : slugs of the roles of the value chain that are asked for; none for all.
    language : that it is answered in.
    """

    themes: tuple[str, ...]
    partner: str = ""
    audience: str = "general"
    country: str = ""
    roles: tuple[str, ...] = ()
    language: str = "en"

    @property
    def query(self) -> str:
        """How a page of the atlas is asked for it, without `?`."""
        said = [("theme", theme) for theme in self.themes]
        said += [(name, value) for name, value in (
            ("partner", self.partner), ("country", self.country), ("roles", ",".join(self.roles)),
            ("audience", "" if self.audience == "general" else self.audience),
            ("lang", "" if self.language == "en" else self.language),
        ) if value]  # fmt: skip
        return urlencode(said, safe=",")


def asked_for(
    themes: Sequence[str], partner: str = "", audience: str = "", country: str = "",
    roles: str = "", language: str = "en",
) -> OfferQuestion:  # fmt: skip
    """
    The question, its values as written in one way: no theme twice, codes in capital letters.

    Raises
    ------
    InputError
        If no theme or more than three are given.
    """
    wanted = tuple(dict.fromkeys(one.strip() for one in themes if one.strip()))
    if not wanted:
        raise InputError("no theme is given; give one to three, as in theme=advanced-therapies")
    if len(wanted) > MOST_THEMES:
        raise InputError(f"{len(wanted)} themes are given; give at most {MOST_THEMES}")
    parts = [part.strip() for part in (partner or "").split(",") if part.strip()]
    groups = country_groups()
    written = [p.lower() if p.lower() in groups else p.upper() for p in parts]
    return OfferQuestion(
        tuple(sorted(wanted)), ",".join(dict.fromkeys(written)), (audience or "general").lower(),
        (country or "").strip().upper(),
        tuple(sorted({one.strip().lower() for one in roles.split(",") if one.strip()})),
        language or "en",
    )  # fmt: skip


def themes_asked(edition: Edition, question: OfferQuestion) -> tuple[ThemeAsked, ...]:
    """
    The themes with their value chains.

    Raises
    ------
    UnknownName
        If the edition has no such theme.
    InputError
        If a theme has no value chain, so that there is nothing to cover.
    """
    rows = prepare(edition).rows(Query("themes", _THEMES, {"themes": list(question.themes)}))
    found = {row["theme"]: row for row in rows}
    for theme in question.themes:
        if theme not in found:
            raise unknown_theme(edition, theme)
        if not found[theme]["roles"]:
            raise InputError(
                f"the theme {theme!r} has no roles in its scheme, so there is no value chain to "
                "cover; add `roles` to it and build again"
            )
    known = sorted({role for row in rows for role in row["roles"]})
    for role in question.roles:
        if role not in known:
            raise UnknownName(
                f"no role {role!r} in the value chain of {', '.join(question.themes)}; give "
                f"some of {', '.join(known)}"
            )
    words = wording(question.language)
    return tuple(
        ThemeAsked(t, words(found[t]["label"]), tuple(found[t]["roles"])) for t in question.themes
    )


def themes_offered(edition: Edition) -> tuple[str, ...]:
    """The themes that an offer can be asked for: those with a value chain."""
    rows = prepare(edition).rows(Query("offered", _OFFERED))
    return tuple(row["theme"] for row in rows)


def roles_of(edition: Edition, question: OfferQuestion) -> set[str]:
    """The roles that the value chains of the themes have, asked for or not."""
    return {role for theme in themes_asked(edition, question) for role in theme.roles}


def partner_asked(question: OfferQuestion) -> Partner | None:
    """
    The partner's countries; None where none is asked for.

    Raises
    ------
    UnknownName
        If a part of it is neither a country nor a group.
    """
    if not question.partner:
        return None
    groups, words = country_groups(), wording(question.language)
    labels: list[str] = []
    countries: set[str] = set()
    for part in question.partner.split(","):
        if part in groups:
            labels.append(words(groups[part].name))
            countries.update(groups[part].countries)
        elif pycountry.countries.get(alpha_2=part) or part == "XK":
            labels.append(country_in(question.language, part, within=True))
            countries.add(part)
        else:
            raise UnknownName(_no_partner(part, list(groups)))
    return Partner(question.partner, words.joined(labels), tuple(sorted(countries)))


def _no_partner(part: str, groups: list[str]) -> str:
    near = get_close_matches(part.lower(), groups, 1)
    hint = f"; perhaps {near[0]}" if near else ""
    instead = {"UK": "GB", "EL": "GR"}.get(part)
    hint = f"; write {instead}" if instead else hint
    return (
        f"no country or group is called {part!r}{hint}; give ISO codes such as JP, or "
        f"{' or '.join(groups)}"
    )


def require_country(edition: Edition, question: OfferQuestion) -> None:
    """
    Go on only if the edition has clusters in the country asked for.

    Raises
    ------
    UnknownName
        If it has none.
    """
    known = cluster_countries(edition)
    if question.country and question.country not in known:
        raise UnknownName(
            f"no cluster of this edition is in {question.country!r}; there are some in "
            f"{', '.join(known[:30]) or 'no country'}"
        )


_THEMES = """
    select theme, coalesce(label, theme) as label, coalesce(roles, []) as roles
    from atlas.themes where list_contains($themes, theme) order by theme"""

_OFFERED = "select theme from atlas.themes where len(roles) > 0 order by theme"
