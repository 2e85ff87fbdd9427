"""Reading a question: its words, what they may stand for, the capabilities it asks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from triplehelix.capabilities.concepts import Asked, Concepts, general_weight
from triplehelix.capabilities.words import ASKING, spelt, stem, words
from triplehelix.registry.whereabouts import Where

# Of a longer question only the first words are read.
MOST_WORDS = 32
# How surely a word stands for one of its family, and for one that is a typing error away.
KIN, PER_ERROR, JOINED = 0.65, 0.7, 0.9
MOST_CORRECTIONS = 4
MOST_ERRORS = 2
_SHORTEST, _LONG = 5, 8
# Who asks so wants to know of what is closed, too.
PAST = frozenset(map(stem, "was were former formerly past previous previously history historical "
                           "historic ago once closed 2019 2020 2021 2022".split()))  # fmt: skip


@dataclass(frozen=True)
class Question:
    """
    What somebody asks.

    `asked` has its words, `capabilities` what it asks for and how strongly, the strongest first.
    `instead` has, for each word that is nowhere, the word it was taken for. `where` is the place
    it names; `of_the_past` whether it is about what was.
    """

    text: str
    asked: tuple[Asked, ...]
    capabilities: Mapping[str, float]
    instead: Mapping[str, str] = field(default_factory=dict)
    where: Where | None = None
    of_the_past: bool = False

    @cached_property
    def is_empty(self) -> bool:
        """Whether it has no word to go by."""
        return not self.asked


def read_question(
    text: str,
    concepts: Concepts,
    known: Callable[[str], bool],
    similar: Callable[[str], Iterable[tuple[str, int]]],
    where: Where | None = None,
) -> Question:
    """
    What a question says.

    Parameters
    ----------
    text : anything; what is no word (quotes, operators, control letters) has no meaning.
    concepts : the capabilities.
    known : whether a stem is one that the asker can find.
    similar : stems of public rows that might have been meant, with how many public records have
        each.
    where : the place it names, if its words have been taken out of the text.
    """
    typed = dict(reversed(spelt(text)[:MOST_WORDS]))
    said = words(text)[:MOST_WORDS]
    telling = [word for word in said if word not in ASKING]
    instead: dict[str, str] = {}
    asked = []
    for word in dict.fromkeys(telling):
        stands_for = _stands_for(word, concepts, known, similar)
        if stands_for and stands_for[0][0] != word:
            instead[typed[word]] = concepts.surfaces.get(stands_for[0][0], stands_for[0][0])
        asked.append(Asked(typed[word], stands_for or ((word, 1.0),), general_weight(word)))
    asked += _joined(said, concepts, known, set(telling))
    past = any(word in PAST for word in said)
    return Question(text, tuple(asked), concepts.asked_for(asked), instead, where, past)


def _stands_for(
    word: str, concepts: Concepts, known: Callable[[str], bool],
    similar: Callable[[str], Iterable[tuple[str, int]]],
) -> tuple[tuple[str, float], ...]:  # fmt: skip
    family = () if concepts.knows(word) else tuple((k, KIN) for k in concepts.kin(word))
    if known(word) or concepts.knows(word):
        return ((word, 1.0), *family)
    corrections = _corrections(word, concepts, similar)
    # A word of the same family explains it better than two errors do.
    if family and (not corrections or corrections[0][1] < PER_ERROR):
        return family
    return corrections


def _corrections(
    word: str, concepts: Concepts, similar: Callable[[str], Iterable[tuple[str, int]]]
) -> tuple[tuple[str, float], ...]:
    if len(word) < _SHORTEST or word.isdigit():
        return ()
    most = MOST_ERRORS if len(word) >= _LONG else 1
    times = dict(similar(word))
    found = []
    for others in (concepts.vocabulary, [each for each in times if not concepts.knows(each)]):
        close = extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=None)
        # First letters are seldom wrong.
        found += [
            (errors, other[0] != word[0], not concepts.knows(other), -times.get(other, 0), other)
            for other, errors, _ in close if not other.isdigit()
        ]  # fmt: skip
    if not found:
        return ()
    best = [each for each in sorted(found) if each[0] == min(found)[0]]
    return tuple((each[-1], PER_ERROR ** each[0]) for each in best[:MOST_CORRECTIONS])


def _joined(
    said: list[str], concepts: Concepts, known: Callable[[str], bool], had: set[str]
) -> list[Asked]:
    """Neighbours that make one word together: `bsl 3`, `mega lab`."""
    pairs = dict.fromkeys(a + b for a, b in zip(said, said[1:], strict=False))
    return [
        Asked(pair, ((pair, JOINED),))
        for pair in pairs
        if pair not in had and (concepts.knows(pair) or known(pair))
    ]
