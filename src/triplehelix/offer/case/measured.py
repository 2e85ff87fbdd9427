"""Figures of a case: what was measured of the cluster, each with where it is from and how sure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from triplehelix.offer.case.material import CaseMaterial, Finding
from triplehelix.offer.figures import Doubt, Evidence, Figure, Sample
from triplehelix.offer.material import Measured
from triplehelix.offer.wording import Wording


@dataclass(frozen=True)
class CaseFigures:
    """What makes the figures of one case."""

    material: CaseMaterial
    words: Wording

    def measured(
        self, key: str, says: str, unit: str, path: str, *, of: Measured | None = None,
        sample: str = "",
    ) -> Figure:  # fmt: skip
        """A measure of the profile, by its name unless the values are given."""
        seen = of or self.material.measures.get(key)
        value, low, high, n = seen or (None, None, None, None)
        sure = self.words("95 % interval")
        unsure = self.words("no interval was measured")
        return self._figure(
            key, says, value, unit, Sample(n, sample or self.words("activities")),
            Doubt(low, high, unsure if low is None else sure), path,
        )  # fmt: skip

    def found(self, finding: Finding, says: str, unit: str) -> Figure:
        """What a finding measured; its evidence is the page of that finding."""
        words = self.words
        bounds = words("95 % interval; {evidence} evidence, by the rules of opportunities").format(
            evidence=self.word(finding.evidence)
        )
        none = words("no interval; {evidence} evidence, by the rules of opportunities").format(
            evidence=self.word(finding.evidence)
        )
        return self._figure(
            f"{finding.kind}/{finding.theme}/{finding.subject_key}", says, finding.value, unit,
            Sample(finding.n, words("activities, members or partners that it rests on")),
            Doubt(finding.low, finding.high, none if finding.low is None else bounds),
            self.path_of(finding),
        )  # fmt: skip

    def expected(self, finding: Finding, says: str, unit: str) -> Figure:
        """What a finding is held against."""
        return self._figure(
            f"{finding.kind}/{finding.theme}/{finding.subject_key}/expected", says,
            finding.expected, unit,
            Sample(self.material.n_clusters, self.words("clusters of the edition")),
            Doubt(None, None, self.words("a mean of others, without an interval of its own")),
            self.path_of(finding),
        )  # fmt: skip

    def counted(self, key: str, says: str, value: float, unit: str, path: str) -> Figure:
        """A count without an interval."""
        counted = self.words("counted, not estimated; what the sources lack is missing")
        return self._figure(
            key, says, value, unit, Sample(None, self.words("what the edition holds")),
            Doubt(None, None, counted), path,
        )  # fmt: skip

    def path_of(self, finding: Finding) -> str:
        """The page of what a finding rests on."""
        asked = urlencode(
            {"kind": finding.kind, "theme": finding.theme, "subject": finding.subject_key}
        )
        return f"{self.page}/opportunities/evidence?{asked}"

    @property
    def page(self) -> str:
        """The cluster's page in the atlas."""
        return self.material.cluster.path

    def word(self, evidence: str) -> str:
        """How sure, in the reader's language."""
        words = self.words
        said = {"strong": words("strong"), "moderate": words("moderate"), "weak": words("weak"),
                "none": words("no"), "untested": words("untested")}  # fmt: skip
        return said.get(evidence, evidence)

    def _figure(
        self, key: str, says: str, value: float | None, unit: str, sample: Sample, doubt: Doubt,
        path: str,
    ) -> Figure:  # fmt: skip
        material = self.material
        named = f"{says}: {material.cluster.text}"
        return Figure(
            key, named, value, unit, material.sources, material.period, sample, doubt,
            Evidence(path),
        )  # fmt: skip
