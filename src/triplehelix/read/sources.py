"""The open datasets that can be read: whose they are, their licence, and where to get them."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from triplehelix.errors import UnknownName


class Source(NamedTuple):
    """
    One dataset of the catalogue, as `sources.yaml` describes it.

    `address` is the file itself, or, if `listing` is not empty, a list of files in the form
    that `listing` names (`zenodo`, `os-downloads`). `checksum` is what the publisher states
    with the file (`md5`, or `none`). `packaged` data come with the installation.
    """

    id: str
    title: str
    publisher: str
    address: str
    page: str
    licence: str
    attribution: str
    updated: str
    gives: str
    checksum: str
    listing: str = ""
    packaged: bool = False


@cache
def _described() -> tuple[Source, ...]:
    text = files("triplehelix.read").joinpath("sources.yaml").read_text(encoding="utf-8")
    return tuple(Source(**described) for described in yaml.safe_load(text))


def catalogue() -> list[Source]:
    """
    List every dataset that can be read, in the order in which a person would meet them.

    Examples
    --------
    >>> [source.id for source in catalogue()][:3]
    ['cordis-h2020', 'cordis-horizon', 'ror']
    """
    return list(_described())


def source(id: str) -> Source:
    """
    Find one dataset of the catalogue by its id.

    Raises
    ------
    UnknownName
        If there is none of this id; the message names near matches, and all there are.

    Examples
    --------
    >>> source("ror").licence
    'CC0 1.0'
    """
    known = {each.id: each for each in _described()}
    if id in known:
        return known[id]
    near = get_close_matches(id.lower(), known, n=3, cutoff=0.5)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise UnknownName(f"no source is called {id!r}; {meant}known are: {', '.join(known)}")
