"""Groups of countries that an offer can be made to, from the YAML file that ships."""

from functools import lru_cache
from pathlib import Path

from triplehelix.read.yaml_blocks import parsed_yaml

SHIPPED = Path(__file__).parent / "partner_groups.yaml"


@lru_cache(maxsize=1)
def partner_groups() -> dict[str, tuple[str, tuple[str, ...]]]:
    """
    Each group's label and its countries (ISO 3166-1 alpha-2), by the group's slug.

    Examples
    --------
    >>> label, countries = partner_groups()["eu27"]
    >>> label, len(countries)
    ('European Union', 27)
    """
    listed = parsed_yaml(SHIPPED, "list of groups of countries")["groups"]
    return {one["group"]: (one["label"], tuple(sorted(one["countries"]))) for one in listed}
