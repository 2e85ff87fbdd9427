"""What a clause of a text wants: something, nothing, or to tell what was or is there."""

import re
from datetime import date
from typing import NamedTuple

from triplehelix.ally.sentences import Clause, Sentence

# How much what a clause says counts as a need.
ASKED, PLANNED, TOLD, PAST, REFUSED = 1.2, 1.0, 0.8, 0.35, 0.0

_REFUSED = re.compile(
    r"\b(?:do|does|did|need|are|is|am|was|were|will|would|shall|should)(?:n[o']t|n['’]t|"
    r" not) (?:\w+ )?"
    r"(?:need|require|seek|want|look|fund|wish|ask|search|interest|part|after|necessary|wanted|"
    r"needed|required|offer|send|"
    r"sought|a subject|asked|going|include|concern|cover|apply|be needed|be required)\w*"
    r"|\b(?:no|without) (?:further |more |such |additional |particular )?(?:need|interest|wish|"
    r"demand|requirement)s?\b"
    r"|\bno (?:further|more|additional|extra)\b|\bnot (?:looking|seeking|asking|interested|"
    r"needed|required|wanted|part of)\b"
    r"|\b(?:out of|outside|beyond) (?:the |this |our )?(?:scope|call)\b|\boutside this\b"
    r"|\bneeds? no\b|\bnot (?:our|their) business\b|\b(?:is|are) not (?:the|a|our) "
    r"(?:problem|issue|subject|concern)\b|\binstead of\b|\brather than\b",
    re.I,
)
_HELD = re.compile(
    r"\b(?:we|they|it|he|she|partners|partner|hospitals?|colleagues|team|university|office|"
    r"client|company)"
    r"(?: has| have|['’]ve)?(?: already| now)(?: all)? (?:have|has|own|hold|run|employ|signed|"
    r"got|built|set)?"
    r"|\balready (?:have|has|own|in place|exist|there|on board|been|well|provided|available|"
    r"running|got|signed)\w*"
    r"|\b(?:have|has) already been \w+"
    r"|\b(?:have|has) (?:got )?(?:enough|plenty|sufficient|ample)\b|\b(?:is|are) (?:sufficient|"
    r"enough|plentiful)\b"
    r"|\b(?:has|have) (?:all )?(?:already )?been (?:offered|arranged|secured|procured|signed|"
    r"staffed|ordered|"
    r"bought|hired|found|booked|filed|raised|committed|completed|agreed|validated|promised|"
    r"tried|collected)\b"
    r"|\b(?:is|are) (?:already )?(?:arranged|available|finished|behind us|covered|on board|"
    r"in hand|ours|on call|"
    r"promised|filed|over|signed|secured|in place|complete|completed|handled|held|done|provided)\b"
    r"|\b(?:stays?|remains?) with (?:us|them)\b|\bour own\b|\btheir own\b|\bits own\b|"
    r"\bof our own\b"
    r"|\b(?:we|they) (?:hold|own|have (?:our|a|an|the|two|three|purified|built|developed|"
    r"finished|obtained|stored))\b"
    r"|\bexists?(?: already)?\b|\bthey bring\b|\bwe (?:bring|are a|are an|sell|make|have)\b|"
    r"\b(?:we|counsellors?|she|he|it) have\.?$"
    r"|\bwill (?:handle|be handled|be supplied|supply|be provided by (?:the|our))\b|\b(?:is|"
    r"are) (?:handled|done|provided) by (?:our|us)\b"
    r"|\blooks? after\b",
    re.I,
)
_ASKED = re.compile(
    r"\b(?:needs?|needed|require[sd]?|requirement|looking for|look for|looks for|look to|"
    r"looking to|seek|"
    r"seeks|seeking|sought|want|wants|wanted|wish|wishes|would like|like to (?:meet|have|see|"
    r"be|talk|work|book|run)|must|has to|"
    r"have to|had to|ask|asks|asking|search(?:ing)? for|lack|lacks|short of|invite[sd]?|"
    r"inviting|invitation|"
    r"call(?:s|ing)? for|expressions? of interest|can you|could you|could any\w*|could (?:a|an|"
    r"the)\b|is there|"
    r"can (?:i|we)|could (?:i|we)|"
    r"are there|does any\w*|do you|who (?:can|could|would|will|has|have|owns?)|which (?:can|"
    r"could|would)|able to|"
    r"we are after|after a|welcome|help us|supply us|send us|lend|provide|offer|please|"
    r"urgently|appeal|"
    r"somebody|someone|anybody|anyone|partners? (?:who|that|to|with)|we could use|hope to|hopes to|"
    r"capacity (?:for|to)|additional|extra|further|another|should|tell us|take over|turn out|"
    r"in need of|"
    r"would be (?:good|useful|valued)|would value|would help|expect to need|would need)\b|\?",
    re.I,
)
_PLANNED = re.compile(
    r"\b(?:will|shall|plans?|planned|propose[sd]?|aims?|intends?|going to|to be|would|next|"
    r"project|programme|consortium|"
    r"objective|work package|target|from \d|by \w+ \d|for the)\b",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:(?:over|during|in) the (?:last|past)|last (?:year|decade|month|spring|summer|autumn|"
    r"winter|december|time|night)|"
    r"years? ago|previous(?:ly)?|earlier (?:work|studies|study|grants?|projects?|phase)|"
    r"in earlier|used to|"
    r"formerly|until now|so far|since (?:the|then|(?:19|20)\d\d)|"
    r"earlier (?:grant|project|stud|consorti)\w*|previous (?:consorti|project|stud|grant)\w*)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:were|was|ran|had|published|performed|showed|produced|treated|recruited|measured|"
    r"built|found|"
    r"screened|crystallised|made)\b",
    re.I,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SOFT = re.compile(
    r"\b(?:(?-i:may)|might|if possible|ideally|can wait|could also|also value|would also value|"
    r"nice to have|advantage|"
    r"helpful|preferably|optional(?:ly)?|(?:be|are|is|very|would be) welcome|would welcome|"
    r"welcome,|"
    r"may follow|if that is not|failing that|should \w+ \w+ \w* ?(?:be|fail|learn|prove)|"
    r"would round|"
    r"would complete|would like to (?:hear|use)|are invited to join|also get in touch|"
    r"even better)\b",
    re.I,
)


class Attitude(NamedTuple):
    """How much a clause counts, whether a need in it must be met, and whether it refuses."""

    weight: float
    must: bool


def attitudes(sentence: Sentence, as_of: date | None = None) -> dict[int, Attitude]:
    """
    What each clause of a sentence wants, by the clause's number.

    What opens a sentence holds for the clauses that follow ("we need: beds; nurses"), until one of
    them says otherwise.

    Examples
    --------
    >>> from triplehelix.ally.sentences import sentences
    >>> one = sentences("We do not need beds, but we need nurses.")[0]
    >>> [a.weight for a in attitudes(one).values()]
    [0.0, 1.2]
    """
    found: dict[int, Attitude] = {}
    opened = ASKED if sentence.listed else 0.0
    soft = _SOFT.search(sentence.text) is not None
    for clause in sentence.clauses:
        own = _weight(clause, as_of)
        if own in (TOLD, PLANNED) and opened == ASKED:
            own = ASKED
        elif own == TOLD and _PAST.search(clause.text):
            # "500 g made to standard" in a list of what is needed is no past.
            own = PAST
        elif own == TOLD and opened == REFUSED and found:
            own = PAST
        opened = own if own != PAST else opened
        found[clause.number] = Attitude(own, not soft)
    return found


def _weight(clause: Clause, as_of: date | None) -> float:
    said = clause.text
    if _REFUSED.search(said):
        return REFUSED
    asked = _ASKED.search(said) is not None
    if _HELD.search(said):
        return PAST if not asked else PLANNED
    years = [int(year) for year in _YEAR.findall(said)]
    if as_of and years and max(years) < as_of.year and not asked:
        return PAST
    if asked:
        return ASKED
    if _EARLIER.search(said):
        return PAST
    if _PLANNED.search(said):
        return PLANNED
    return TOLD
