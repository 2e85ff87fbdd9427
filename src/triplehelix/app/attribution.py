"""Whom the data of an edition are from, in the words their licences ask for."""

from collections.abc import Sequence

from triplehelix.read.inputs import MAPPINGS, Input
from triplehelix.read.mapping import Mapping, read_mapping
from triplehelix.read.sources import catalogue

# Sources that enrich and add no organisations.
_REFERENCES = ("ror", "codepoint-open")
_NAMES = {"cordis": "EU research projects (CORDIS)"}


def attribution(inputs: Sequence[Input]) -> list[str]:
    """The sources' own words, each once, in order; packaged data are always among them."""
    names = {each.source for each in inputs}
    listed = {
        source.attribution
        for source in catalogue()
        if source.packaged or any(_is_of(source.id, name) for name in names)
    }
    mapped = {mapping.about.get("attribution", "") for mapping in _mappings(inputs)}
    return sorted((listed | mapped) - {""})


def is_sample(inputs: Sequence[Input]) -> bool:
    """Whether a mapping says that its tables are a sample."""
    return any(mapping.sample for mapping in _mappings(inputs))


def name_of(inputs: Sequence[Input]) -> str:
    """What an edition is called that was given no name: its sources, the references left out."""
    titles = {mapping.source: mapping.about.get("title", "") for mapping in _mappings(inputs)}
    names = {titles.get(each.source) or each.source for each in inputs
             if each.source not in _REFERENCES}  # fmt: skip
    return ", ".join(sorted(_NAMES.get(name, name) for name in names))


def _mappings(inputs: Sequence[Input]) -> list[Mapping]:
    files = {path for each in inputs for path in each.extra}
    return [read_mapping(path) for path in sorted(files) if path.name.endswith(MAPPINGS)]


def _is_of(dataset: str, reader: str) -> bool:
    """Datasets of one reader share its name: `cordis-h2020` and `cordis-horizon`, `cordis`."""
    return dataset == reader or dataset.startswith(f"{reader}-")
