"""What the script of a map says, for a page in another language than English."""

from triplehelix.offer.wording import Wording


def map_words(words: Wording) -> dict[str, str]:
    """
    The texts of web/src/words.ts by their names, in the language; nothing in English.

    Examples
    --------
    >>> map_words(Wording())
    {}
    """
    if words.language == "en":
        return {}
    return {
        "show": words("Show the map"), "hide": words("Hide the map"),
        "failed": words("The map cannot be drawn here. Everything on it stands in the words and "
                        "tables of this page."),
        "keys": words("Map; arrow keys move it, plus and minus zoom"),
        "zoomIn": words("Zoom in"), "zoomOut": words("Zoom out"),
        "withCtrl": words("Use Ctrl + scroll to zoom the map"),
        "withCommand": words("Use ⌘ + scroll to zoom the map"),
        "withFingers": words("Use two fingers to move the map"),
        "level": words("Level shown"), "byZoom": words("by the zoom"),
        "shown": words("Shown: {name}: {n}"),
        "shownOf": words("Shown: {name}: {inView} of {n} in view"),
        "cluster": words("{name}: {n} organisations, evidence {evidence}"),
        "ranked": words("{said}, rank {low} to {high}"),
        "strong": words("strong"), "moderate": words("moderate"), "weak": words("weak"),
        "untested": words("untested"), "closer": words("Zoom to its members"),
        "foundIn": words("found here in"), "foundAll": words("all"),
        "foundQuarter": words("¼ of resamples"),
    }  # fmt: skip


def level_names(words: Wording) -> dict[str, str]:
    """What clusters of a level are called, by `layering.level_noun`, as heads."""
    return {
        "Clusters": words("Clusters"), "Superclusters": words("Superclusters"),
        "Wider clusters": words("Wider clusters"), "Campuses": words("Campuses"),
        "Finer clusters": words("Finer clusters"),
    }  # fmt: skip
