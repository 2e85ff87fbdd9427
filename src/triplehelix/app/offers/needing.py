"""An offer asked for in words: which question they come to, and which words led there."""

from collections.abc import Sequence
from dataclasses import replace

from triplehelix.app.calls.needs import needs_of_text
from triplehelix.app.offers.offering import shipped_chain
from triplehelix.app.offers.question import OfferQuestion, asked_for, roles_of, themes_offered
from triplehelix.app.prepared import once_per_edition, prepare
from triplehelix.app.registry.search import shipped_capabilities
from triplehelix.errors import InputError
from triplehelix.offer.need import AbilityTold, Phrases, Understood, understood
from triplehelix.query import Query
from triplehelix.read.schemes import read_scheme
from triplehelix.store.edition import Edition

LONGEST = 2_000


def understood_need(edition: Edition, need: str) -> Understood:
    """
    The themes and roles that a need in words seems to ask for; perhaps none.

    Raises
    ------
    InputError
        If the text has more than 2,000 characters.
    """
    if len(need) > LONGEST:
        raise InputError(
            f"the need has {len(need)} characters; say it in at most {LONGEST}, or name themes"
        )
    listed = shipped_capabilities()
    abilities = [
        AbilityTold(frozenset((one.capability, *listed.broader(one.capability))),
                    tuple(each.text for each in one.because))
        for one in needs_of_text(need, None) if one.capability in listed
    ]  # fmt: skip
    return understood(need, _phrases(edition), shipped_chain(), abilities)


def question_for(
    edition: Edition, themes: Sequence[str], partner: str = "", audience: str = "",
    country: str = "", roles: str = "", need: str = "", language: str = "en",
) -> OfferQuestion:  # fmt: skip
    """
    The question that is asked: by themes, or by a need in words where none is named.

    Raises
    ------
    InputError
        As `asked_for`, or if no word of the need tells a theme.
    """
    if any(themes) or not need.strip():
        return asked_for(themes, partner, audience, country, roles, language)
    found = understood_need(edition, need)
    if not found.themes:
        raise InputError(
            f"no word of {need!r} tells a theme of this edition; say it in other words, or name a "
            "theme, as in theme=advanced-therapies"
        )
    named = [one.slug for one in found.themes]
    asked = asked_for(named, partner, audience, country, roles, language)
    there = roles_of(edition, asked)
    # What is told of a role that is no part of the themes' chains cannot be covered.
    told = tuple(sorted(one.slug for one in found.roles if one.slug in there))
    return asked if roles else replace(asked, roles=told)


@once_per_edition
def _phrases(edition: Edition) -> tuple[Phrases, ...]:
    """Of each theme that can be asked for its label, its slug's words, and the scheme's phrases."""
    shipped = {one.theme: one.keywords for one in read_scheme().themes}
    offered = list(themes_offered(edition))
    rows = prepare(edition).rows(Query("labels", _LABELS, {"themes": offered}))
    return tuple(
        Phrases(row["theme"], row["label"],
                tuple(dict.fromkeys((row["label"], row["theme"].replace("-", " "),
                                     *shipped.get(row["theme"], ())))))
        for row in rows
    )  # fmt: skip


_LABELS = """
    select theme, coalesce(label, theme) as label from atlas.themes
    where list_contains($themes, theme) order by theme"""
