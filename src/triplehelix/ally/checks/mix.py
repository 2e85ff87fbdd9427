"""Whether partners are of the mix that a call asks for: helices, entities and countries, spread."""

from collections.abc import Collection

from triplehelix.ally.checks.case import Case, Problems


def mix_problems(case: Case, partners: Collection[str]) -> Problems:
    """Each rule on the mix that these partners do not keep, in words."""
    rules = case.rules
    for helix, least in sorted(rules.helices.items()):
        number = sum(_told(case, name, "helix") == helix for name in partners)
        if number < least:
            yield f"{number} partners of {helix}, and at least {least} are asked for"
    if rules.entities_from_countries:
        entities, countries = rules.entities_from_countries
        there = len(_different(case, partners, "country"))
        if len(partners) < entities or there < countries:
            yield (
                f"{len(partners)} partners from {there} countries, and at least {entities} from "
                f"{countries} are asked for"
            )
    for one in rules.spread:
        number = len(_different(case, partners, one.of))
        if number < one.at_least:
            yield f"{number} different {one.of}, and at least {one.at_least} are asked for"


def _told(case: Case, member: str, of: str) -> str | None:
    value = getattr(case.members[member], of) if member in case.members else None
    return None if value in (None, "", "unknown") else str(value)


def _different(case: Case, partners: Collection[str], of: str) -> set[str]:
    values = (_told(case, name, of) for name in partners)
    return {value for value in values if value is not None}
