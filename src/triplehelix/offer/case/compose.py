"""Composing the case for a cluster: which sentence stands, by rules that are published."""

from collections.abc import Iterable

from triplehelix.offer.case.case import Case, Chapter, Placed, Statement
from triplehelix.offer.case.findings import FindingSentences
from triplehelix.offer.case.material import CaseMaterial, Finding
from triplehelix.offer.case.measured import CaseFigures
from triplehelix.offer.figures import Figure
from triplehelix.offer.material import Measured
from triplehelix.offer.wording import Name, Run, Runs, Wording

SURE = ("strong", "moderate")
SCOPES = ("local", "national", "international")
# Above this share of an evenness the three helices are called balanced; docs/methods/case.md.
BALANCED = 0.8


def compose_case(material: CaseMaterial, words: Wording | None = None) -> Case:
    """
    Compose the case: what speaks for the cluster, how it moves, its role, and what is weak.

    A rule says a sentence whenever its condition holds, for any cluster alike; none is left out
    because it is unwelcome. docs/methods/case.md lists the rules.

    Parameters
    ----------
    words : the language; English without.
    """
    return _Composing(material, words or Wording()).case()


class _Composing:
    def __init__(self, material: CaseMaterial, words: Wording) -> None:
        self.material, self.words = material, words
        self.figures = CaseFigures(material, words)
        self.sentences = FindingSentences(self.figures, words)

    def case(self) -> Case:
        material, words = self.material, self.words
        chapters = (
            Chapter("summary", words("In short"), tuple(self._summary())),
            Chapter("strengths", words("Strengths"), tuple(self._strengths())),
            Chapter("trend", words("Trend"), tuple(self._trend())),
            Chapter("role", words("Role"), tuple(self._role())),
            Chapter("openings", words("What could come next"), tuple(self._openings())),
            Chapter("gaps", words("Gaps and risks"), tuple(self._gaps())),
        )  # fmt: skip
        return Case(
            material.edition_id, material.edition, material.is_sample, material.cluster,
            material.countries, material.evidence, chapters, tuple(self._quotients()),
            tuple(self._places()),
        )  # fmt: skip

    def _say(self, rule: str, bears: str, text: str, **parts: Run | Runs) -> Statement:
        return Statement(rule, bears, self.words.say(text, **parts))

    def _measure(self, key: str, says: str, unit: str, more: str = "") -> Figure:
        return self.figures.measured(key, says, unit, self.figures.page + more)

    def _summary(self) -> Iterable[Statement]:
        material, words = self.material, self.words
        organisations = self._measure("n_organisations", words("organisations"), "organisations",
                                      "/members")  # fmt: skip
        activities = self._measure("n_activities", words("activities"), "activities",
                                   "/activities")  # fmt: skip
        yield self._say(
            "size", "neither",
            words("{cluster} has {organisations} organisations at work in {activities} "
                  "activities."),
            cluster=material.cluster, organisations=organisations, activities=activities,
        )  # fmt: skip
        for currency, amount, n in material.amounts:
            figure = self.figures.measured(
                f"amount_{currency}", words("money that participations state"), currency,
                f"{self.figures.page}/activities", of=Measured(amount, None, None, n),
                sample=words("participations that state an amount"),
            )  # fmt: skip
            yield self._say(
                "money", "neither",
                words("Its participations state {amount}: a lower bound, for some state none."),
                amount=figure,
            )  # fmt: skip
        if "rank" in material.measures:
            yield self._say(
                "rank", "neither",
                words("By weight it is number {rank} of {n} clusters of this edition."),
                rank=self._measure("rank", words("rank by weight"), "rank"),
                n=self.figures.counted("n_clusters", words("clusters of this level"),
                                       material.n_clusters, "clusters", "/clusters"),
            )  # fmt: skip
        yield self._certainty()

    def _certainty(self) -> Statement:
        material, words = self.material, self.words
        texts = {
            "strong": words("As a cluster it is well established: its evidence is {evidence}."),
            "moderate": words("As a cluster it is fairly sure: its evidence is {evidence}."),
            "weak": words("It may not hold as a cluster: its evidence is {evidence}, and a few "
                          "organisations more or less would change it."),
        }  # fmt: skip
        untested = words(
            "Whether it holds as a cluster was not tested: its evidence is {evidence}."
        )
        bears = {"strong": "for", "moderate": "for", "weak": "against"}
        return self._say(
            "certainty", bears.get(material.evidence, "neither"),
            texts.get(material.evidence, untested),
            evidence=Name(self.figures.word(material.evidence), "/methods#evidence"),
        )  # fmt: skip

    def _strengths(self) -> Iterable[Statement]:
        words = self.words
        found = self._found("specialised")
        yield from (self.sentences.said(one) for one in found)
        if not any(one.evidence in SURE for one in found):
            yield self._say(
                "no-sure-strength", "against",
                words("No theme is surely a strength of it: {page} lists what was looked at."),
                page=self._opportunities(),
            )  # fmt: skip
        if material_part := self.material.part:
            for role in material_part.roles:
                if role.share is not None and role.grade == "direct":
                    yield self._say(
                        "holds-role", "for",
                        words("In {themes} it shows {role} directly: {share} of all evidence of it "
                              "(activities: {activities})."),
                        themes=words.listed(list(self.material.part_themes)),
                        role=Name(role.label, self.material.part_path), share=role.share,
                        activities=role.activities,
                    )  # fmt: skip

    def _trend(self) -> Iterable[Statement]:
        words = self.words
        moving = [*self._found("growing"), *self._found("losing")]
        whole = [one for one in moving if one.theme == "all"]
        yield from (self.sentences.said(one) for one in moving)
        if not whole:
            looked = [f for f in self.material.findings
                      if f.kind in ("growing", "losing") and f.theme == "all"]  # fmt: skip
            yield from (self.sentences.unchanged(one) for one in looked)
            if not looked:
                yield self._say(
                    "no-trend", "neither",
                    words("Whether it grows cannot be told: {page} says why."),
                    page=self._opportunities(),
                )  # fmt: skip

    def _role(self) -> Iterable[Statement]:
        material, words = self.material, self.words
        names = {"local": words("local"), "national": words("national"),
                 "international": words("international")}  # fmt: skip
        if all(f"{scope}_share" in material.measures for scope in SCOPES):
            shares = {
                scope: self._measure(f"{scope}_share", words("share of its activities that are "
                                     "{scope}").format(scope=names[scope]), "share",
                                     f"/activities?scope={scope}")
                for scope in SCOPES
            }  # fmt: skip
            yield self._say(
                "reach", "neither",
                words("Of its activities {local} join organisations of its own, {national} reach "
                      "others in the country, {international} reach abroad; {page} says what that "
                      "makes it."),
                page=Name(words("its role"), f"{self.figures.page}/role"), **shares,
            )  # fmt: skip
        if "helix_balance" in material.measures:
            even = material.measures["helix_balance"]
            sure = even.low is not None and even.low >= BALANCED
            text = (
                words("Academia, industry and health are balanced in it: evenness {n}, where equal "
                      "parts have {whole}.")
                if sure
                else words("Academia, industry and health are not surely balanced in it: evenness "
                           "{n}, where equal parts have {whole}.")
            )  # fmt: skip
            yield self._say(
                "balance", "for" if sure else "neither", text,
                n=self._measure("helix_balance", words("evenness of members over three helices"),
                                "share", "/members"),
                whole=self.figures.counted("whole", words("evenness of equal parts"), 1.0, "share",
                                           "/methods"),
            )  # fmt: skip
        for tie in material.ties[:3]:
            shared = words.count(
                "It shares {n} activity with {cluster}.",
                "It shares {n} activities with {cluster}.",
                self._tie(tie.cluster, tie.n_activities), cluster=tie.cluster,
            )  # fmt: skip
            yield Statement("tie", "neither", shared)

    def _openings(self) -> Iterable[Statement]:
        words = self.words
        found = self._found("opening")
        yield from (self.sentences.said(one) for one in found)
        if not found:
            yield self._say(
                "no-opening", "neither",
                words("No new theme suggests itself: {page} lists what was looked at."),
                page=self._opportunities(),
            )  # fmt: skip
        if self.material.seek:
            yield self._say(
                "seek", "neither",
                words("Clusters that it could work with more: {clusters}. {page} says "
                      "why."),
                clusters=words.listed(list(self.material.seek)),
                page=Name(words("The page on partners"), f"{self.figures.page}/partners"),
            )  # fmt: skip

    def _gaps(self) -> Iterable[Statement]:
        material, words = self.material, self.words
        kinds = ("missing_helix", "carried", "ageing_partners", "one_funder", "one_source")
        found = [one for kind in kinds for one in self._found(kind)]
        yield from (self.sentences.said(one) for one in found)
        if not found:
            yield self._say(
                "no-risk", "neither",
                words("By the rules nothing is missing, and nothing rests on one alone; {page} "
                      "says what could not be told."),
                page=self._opportunities(),
            )  # fmt: skip
        if material.lacking:
            yield self._say(
                "lacks-role", "against",
                words("It shows no evidence of {roles} in {themes}: a gap of the cluster or of the "
                      "data. {page} shows what it has."),
                roles=words.listed([Name(label) for label in material.lacking]),
                themes=words.listed(list(material.part_themes)),
                page=Name(words("Its part in the offer"), material.part_path),
            )  # fmt: skip
        if material.is_sample:
            yield self._say(
                "sample", "against",
                words("The edition is a {sample}: what is said here is said of the sample."),
                sample=Name(words("sample"), "/edition"),
            )  # fmt: skip

    def _found(self, kind: str) -> list[Finding]:
        return [f for f in self.material.findings if f.kind == kind and f.evidence != "none"]

    def _opportunities(self) -> Name:
        return Name(self.words("the page on opportunities"), f"{self.figures.page}/opportunities")

    def _tie(self, cluster: Name, n: int) -> Figure:
        other = cluster.path.rpartition("/")[2]
        says = self.words("activities shared with {cluster}").format(cluster=cluster.text)
        path = f"{self.figures.page}/activities?partner={other}"
        return self.figures.counted(f"tie/{other}", says, n, "activities", path)

    def _quotients(self) -> Iterable[tuple[str, Figure]]:
        for finding in self.material.findings:
            if finding.kind == "specialised" and finding.value is not None:
                says = self.words("location quotient of {theme}").format(theme=finding.label)
                yield finding.label, self.figures.found(finding, says, "ratio")

    def _places(self) -> Iterable[Placed]:
        material = self.material
        if material.lat is None or material.lon is None:
            return
        own = self._measure("n_activities", self.words("activities"), "activities", "/activities")
        yield Placed(material.cluster, material.lat, material.lon, "first", own)
        for tie in material.ties:
            if tie.lat is not None and tie.lon is not None:
                yield Placed(tie.cluster, tie.lat, tie.lon, "partner",
                             self._tie(tie.cluster, tie.n_activities))  # fmt: skip
