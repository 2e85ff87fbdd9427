"""What findings of the landscape say in a case: one sentence for each kind, and how sure it is."""

from dataclasses import dataclass

from triplehelix.offer.case.case import Statement
from triplehelix.offer.case.material import Finding
from triplehelix.offer.case.measured import CaseFigures
from triplehelix.offer.figures import Figure
from triplehelix.offer.wording import Name, Runs, Wording

_FOR = ("specialised", "growing", "opening")


@dataclass(frozen=True)
class FindingSentences:
    """Sentences on findings."""

    figures: CaseFigures
    words: Wording

    def said(self, finding: Finding) -> Statement:
        """The sentence on a finding; one with weak evidence says that it may be chance."""
        runs = getattr(self, f"_{finding.kind}")(finding)
        if finding.evidence == "weak":
            hint = self.words(" The evidence is weak: it may be chance.")
            return Statement(finding.kind, "hint", (*runs, hint))
        return Statement(finding.kind, "for" if finding.kind in _FOR else "against", runs)

    def unchanged(self, finding: Finding) -> Statement:
        """The sentence on a trend that was looked for and not found."""
        text = self.words("Its part of all work is {n} times what it was: no sure change.")
        n = self.figures.found(finding, self.words("part of all work since, over before"), "ratio")
        return Statement("unchanged", "neither", self.words.say(text, n=n))

    def _specialised(self, finding: Finding) -> Runs:
        n = self._ratio(finding, self.words("location quotient of {theme}"))
        return self.words.say("{theme}: {n} times its share everywhere.",
                              theme=self._theme(finding), n=n)  # fmt: skip

    def _growing(self, finding: Finding) -> Runs:
        return self._moved(finding, self.words("It grows in {theme}: its part of all such work is "
                                               "{n} times what it was."))  # fmt: skip

    def _losing(self, finding: Finding) -> Runs:
        return self._moved(finding, self.words("It loses ground in {theme}: its part of all such "
                                               "work is {n} times what it was."))  # fmt: skip

    def _moved(self, finding: Finding, text: str) -> Runs:
        n = self._ratio(finding, self.words("part of all work in {theme} since, over before"))
        return self.words.say(text, theme=self._theme(finding), n=n)

    def _opening(self, finding: Finding) -> Runs:
        says = self.words("share of what goes with {theme} that it is at home in")
        n = self.figures.found(finding, says.format(theme=finding.label), "share")
        of = self.words("the same for any theme")
        return self.words.say(
            "{theme} lies near: it is at home in {n} of what goes with it elsewhere, where "
            "{expected} would be expected.",
            theme=self._theme(finding), n=n, expected=self.figures.expected(finding, of, "share"),
        )  # fmt: skip

    def _missing_helix(self, finding: Finding) -> Runs:
        words = self.words
        names = {"academia": words("universities and institutes"), "industry": words("companies"),
                 "health": words("hospitals and health bodies")}  # fmt: skip
        helix = names.get(finding.subject_key, finding.subject_key)
        n = self.figures.found(
            finding, words("share of members: {helix}").format(helix=helix), "share"
        )
        of = words("the same in other clusters")
        return words.say(
            "Few or no {helix}: {n} of its members, {expected} elsewhere.", helix=helix, n=n,
            expected=self.figures.expected(finding, of, "share"),
        )  # fmt: skip

    def _carried(self, finding: Finding) -> Runs:
        words = self.words
        n = self.figures.found(
            finding, words("share of its work in {theme} that one member does without another")
            .format(theme=finding.label), "share",
        )  # fmt: skip
        if finding.theme == "all":
            return words.say(
                "Of all its work {n} rests on {member} alone.", n=n,
                member=finding.subject or Name(finding.subject_key),
            )  # fmt: skip
        return words.say(
            "Of its work in {theme} {n} rests on {member} alone.", theme=self._theme(finding), n=n,
            member=finding.subject or Name(finding.subject_key),
        )  # fmt: skip

    def _one_funder(self, finding: Finding) -> Runs:
        n = self.figures.found(
            finding, self.words("share of activities with one known payer"), "share"
        )
        return self.words.say(
            "{funder} is the only known payer of {n} of its activities.", n=n,
            funder=finding.subject or Name(finding.subject_key),
        )  # fmt: skip

    def _one_source(self, finding: Finding) -> Runs:
        n = self.figures.found(
            finding, self.words("share of activities that one source tells"), "share"
        )
        return self.words.say(
            "{source} alone tells of {n} of its activities.", n=n,
            source=finding.subject or Name(finding.subject_key),
        )  # fmt: skip

    def _ageing_partners(self, finding: Finding) -> Runs:
        words = self.words
        n = self.figures.found(
            finding, words("share of present partners that it had before"), "share"
        )
        return words.say(
            "Of its present partners it had {n} before, where {expected} would be as elsewhere.",
            n=n, expected=self.figures.expected(finding, words("the same elsewhere"), "share"),
        )  # fmt: skip

    def _theme(self, finding: Finding) -> Name:
        path = "" if finding.theme == "all" else f"/themes/{finding.theme}"
        return Name(self.words("all its work") if finding.theme == "all" else finding.label, path)

    def _ratio(self, finding: Finding, says: str) -> Figure:
        return self.figures.found(finding, says.format(theme=finding.label), "ratio")
