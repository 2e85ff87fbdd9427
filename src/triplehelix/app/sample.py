"""The sample edition: packaged public facts, read as any other mapped table."""

from importlib.resources import files
from pathlib import Path

from triplehelix.app.config import Config, read_config


def _folder() -> Path:
    return Path(str(files("triplehelix.sample")))


def sample_inputs() -> list[Path]:
    """The mapping file that describes the sample's tables."""
    return [_folder() / "sample.map.yaml"]


def sample_config() -> Config:
    """The sample's name and parameters; it says of itself that it is a sample."""
    return read_config(_folder() / "sample.build.yaml")
