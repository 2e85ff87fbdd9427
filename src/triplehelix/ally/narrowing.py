"""Which needs and assets a repair looks at: those that a loss touches, and what stands already."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.assets import Asset, Landscape
from triplehelix.ally.model import Model
from triplehelix.ally.offers import Floats, networks_over
from triplehelix.ally.question import Narrowed
from triplehelix.optimise.pooling_rest import unmet


def touched_by(alliance: Alliance, losses: Collection[str], landscape: Landscape) -> Narrowed:
    """
    The needs that lost something or lacked it already, looked at whole; others among partners.

    What is left of the partners' own assets is enough to keep what they give, and to tell what
    they could give beyond it.
    """
    needs = {one.need for one in alliance.coverage if one.missing > 0}
    needs |= {
        one.need for one in alliance.contributions if one.asset in losses or one.member in losses
    }
    return Narrowed(frozenset(needs), _held(alliance.partners, landscape))


def among(partners: Iterable[str], landscape: Landscape) -> Narrowed:
    """No need looked at whole: partners' assets alone."""
    return Narrowed(frozenset(), _held(partners, landscape))


def with_short(narrowed: Narrowed, model: Model, kept: Floats) -> Narrowed:
    """With the needs that what is kept, volumes of shape (n_arcs,), does not cover."""
    demands = model.parts.laid.demands
    short = {demands[d].n for d in np.flatnonzero(unmet(model.pooling, kept))}
    return _and(narrowed, model, short)


def with_rivals(narrowed: Narrowed, model: Model, kept: Floats) -> Narrowed:
    """With the needs that hold capacity which those looked at whole could use."""
    parts = model.parts
    lot = parts.question.offers.lot[parts.laid.row]
    whole = [n for n, one in enumerate(parts.question.asked) if one.need.need in narrowed.needs]
    wanted = np.unique(lot[np.isin(parts.need, whole)])
    return _and(narrowed, model, set(parts.need[(kept > 0) & np.isin(lot, wanted)].tolist()))


def _and(narrowed: Narrowed, model: Model, needs: set[int]) -> Narrowed:
    asked = model.parts.question.asked
    return replace(narrowed, needs=narrowed.needs | {asked[n].need.need for n in needs})


def _held(partners: Iterable[str], landscape: Landscape) -> frozenset[str]:
    """The assets that partners bring, their own or those of their parts."""
    over = networks_over({one.member: one for one in landscape.members})
    names = set(partners)

    def brought(asset: Asset) -> bool:
        return asset.member in names or not names.isdisjoint(over.get(asset.member, ()))

    return frozenset(one.asset for one in landscape.assets if brought(one))
