"""The opening argument of an offer: one paragraph, each sentence by a rule."""

from collections.abc import Iterator

from triplehelix.offer.offer import Offer
from triplehelix.offer.wording import Name, Runs, Wording


def argument(offer: Offer, words: Wording) -> Runs:
    """
    What the offer comes to, in a few sentences.

    How many clusters have a part and how much they do; which of them are enough, and whether that
    is all of the chain; what joins them to the partner already; how many people live near. A
    sentence stands where its figures are known, in this order.
    """
    sentences = [_size(offer, words), *_enough(offer, words), *_partner(offer, words),
                 *_people(offer, words)]  # fmt: skip
    return words.sentences(sentences)


def _size(offer: Offer, words: Wording) -> Runs:
    scale = offer.scale
    return words.count(
        "{n} cluster has evidence of a part in {themes}: {organisations} organisations at work in "
        "{activities} activities.",
        "{n} clusters have evidence of a part in {themes}: {organisations} organisations at work "
        "in {activities} activities.",
        scale.clusters, themes=words.listed([Name(t.text, t.path) for t in offer.themes]),
        organisations=scale.organisations, activities=scale.activities,
    )  # fmt: skip


def _enough(offer: Offer, words: Wording) -> Iterator[Runs]:
    if not offer.covers:
        return
    first = offer.covers[0]
    whole = all(link.state == "covered" for link in offer.chain)
    alone = len(first.clusters) == 1
    if whole:
        text = (
            words("{clusters} alone can take work through every step of the value chain.")
            if alone
            else words("{clusters} between them can take work through every step of the value "
                       "chain.")
        )  # fmt: skip
    else:
        text = (
            words("{clusters} alone has every step of the value chain that any cluster has "
                  "evidence of.")
            if alone
            else words("{clusters} between them have every step of the value chain that any "
                       "cluster has evidence of.")
        )  # fmt: skip
    yield words.say(text, clusters=words.listed(list(first.clusters)))


def _partner(offer: Offer, words: Wording) -> Iterator[Runs]:
    if offer.ties is None:
        return
    known = words.count(
        "{n} organisation of {partner} works with us already, in {all} joint activities, {themed} "
        "of them in the theme.",
        "{n} organisations of {partner} work with us already, in {all} joint activities, "
        "{themed} of them in the theme.",
        offer.ties.organisations, partner=offer.partner, all=offer.ties.all_themes,
        themed=offer.ties.themed,
    )  # fmt: skip
    none = words.say(
        "No joint activity with {partner} is on record ({all}): this would be the first.",
        partner=Name(offer.partner), all=offer.ties.all_themes,
    )  # fmt: skip
    yield known if offer.ties.all_themes.value else none


def _people(offer: Offer, words: Wording) -> Iterator[Runs]:
    if offer.scale.people.value:
        yield words.say(
            "At least {n} people live within reach of the clusters of the sets.",
            n=offer.scale.people,
        )  # fmt: skip
