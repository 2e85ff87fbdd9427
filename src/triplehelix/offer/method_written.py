"""How an offer was made, written: the rules in short, for whoever holds the paper."""

from triplehelix.offer.document import Bullets, Section
from triplehelix.offer.offer import Offer
from triplehelix.offer.wording import Name, Wording


def method_section(offer: Offer, words: Wording) -> Section:
    """The rules, and where every cluster's part can be opened."""
    return Section("method", words("How this was made"), (Bullets((
        (words(
            "The text is composed by rules from an edition of the landscape. Nothing in it is "
            "written by hand, and no cluster is favoured."
        ),),
        (words(
            "A cluster has a role if an activity of the theme, or a shared asset, shows it by the "
            "rules told with the value chain."
        ),),
        (words(
            "The first set is the smallest that covers all roles that any cluster has; of equally "
            "small sets the one with the largest shares of the evidence; then by name of its ids. "
            "The second is the same without the clusters of the first."
        ),),
        (words(
            "Counts are of what the sources hold. Where a cluster shows nothing, the sources may "
            "lack it."
        ),),
        words.say(
            "Every cluster can ask what its part is: {page}.",
            page=Name(words("open the page of this offer"), f"/offer?{offer.query}"),
        ),
        words.say("The method in full: {page}.", page=Name(words("methods"), "/methods#offer")),
    )),))  # fmt: skip
