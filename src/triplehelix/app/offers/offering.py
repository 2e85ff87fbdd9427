"""The combined offer of an edition, with what a registry shows to everybody."""

from functools import lru_cache

from triplehelix.app.cluster_profile import cluster_row
from triplehelix.app.offers.assets import public_assets
from triplehelix.app.offers.gathering import gathered, missing_links
from triplehelix.app.offers.question import OfferQuestion, asked_for, themes_offered
from triplehelix.app.offers.wordings import wording
from triplehelix.app.prepared import kept_per_edition
from triplehelix.errors import InputError
from triplehelix.offer.chain import Chain, SharedAsset
from triplehelix.offer.compose import compose, part_of
from triplehelix.offer.material import Material
from triplehelix.offer.offer import Offer
from triplehelix.offer.parts import Part
from triplehelix.offer.wording import Wording
from triplehelix.read.value_chain import read_chain
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry


@lru_cache(maxsize=1)
def shipped_chain() -> Chain:
    """The rules that ship."""
    return read_chain()


def material_for(
    edition: Edition, question: OfferQuestion, *, registry: Registry | None = None,
    chain: Chain | None = None,
) -> Material:  # fmt: skip
    """What an offer is made of; of a registry what a visitor sees, whoever asks."""
    assets = None if registry is None else public_assets(registry, edition)
    return gathered(edition, question, chain or shipped_chain(), assets)


def offer(
    edition: Edition, question: OfferQuestion, *, registry: Registry | None = None,
    chain: Chain | None = None, words: Wording | None = None,
) -> Offer:  # fmt: skip
    """
    The combined offer; `words` in place of the language that the question names.

    Raises
    ------
    UnknownName
        If there is no such theme, partner, audience, or no cluster in the country.
    InputError
        If a theme has no value chain.
    """
    assets = None if registry is None else public_assets(registry, edition)
    spoken = words or wording(question.language)
    if chain is not None:
        return compose(gathered(edition, question, chain, assets), spoken)
    return _composed(edition, question, assets, spoken)


# Whoever asks can make up questions without end.
@kept_per_edition(32)
def _composed(
    edition: Edition, question: OfferQuestion, assets: tuple[SharedAsset, ...] | None,
    words: Wording,
) -> Offer:  # fmt: skip
    return compose(gathered(edition, question, shipped_chain(), assets), words)


def make_ready(edition: Edition) -> None:
    """Compose the plain offer of each theme once, so that whoever asks first waits no longer."""
    for theme in themes_offered(edition):
        offer(edition, asked_for([theme]))
    missing_links(edition)


def part(
    edition: Edition, question: OfferQuestion, cluster_id: str, *,
    registry: Registry | None = None, words: Wording | None = None,
) -> Part:  # fmt: skip
    """
    One cluster's part in an offer: what it brings, whether or not it is in a set that covers.

    Raises
    ------
    UnknownName
        As `offer`, or if the edition has no such cluster.
    InputError
        If the cluster is the partner's, or in another country than asked for.
    """
    material = material_for(edition, question, registry=registry)
    found = part_of(material, cluster_id, words or wording(question.language))
    if found is None:
        row = cluster_row(edition, cluster_id)
        raise InputError(
            f"cluster {row['name']!r} ({cluster_id}) is not among those asked for; leave out "
            "`country` and `partner`, or choose a cluster of the main level"
        )
    return found
