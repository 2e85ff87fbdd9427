"""What a build can be told: its name and the parameters of its stages, from a YAML file."""

import difflib
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from triplehelix.detect.parameters import PRESETS, Parameters
from triplehelix.errors import InputError

Kilometres = Annotated[float, Field(ge=1e-6, le=20_015)]


class Detection(BaseModel):
    """
    How clusters are found, and how it is told how sure they are.

    A place is dense when at least `min_weight` activities (or organisations, by `weight`)
    are within `radius_km` of it; by default at least 5, and one in 2,000 of them all.
    `like` names a published way of mapping whose settings stand where none is given here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    like: Literal["wipo", "hotspots", "dsit"] | None = None
    method: Literal["dbscan", "hdbscan"] = "dbscan"
    radius_km: float = Field(default=10.0, ge=1e-6, le=20_015)
    min_weight: float | None = Field(default=None, gt=0)
    min_cluster_weight: float | None = Field(default=None, gt=0)
    levels_km: tuple[Kilometres, ...] = Field(default=(2.0, 40.0), max_length=8)
    weight: Literal["organisations", "activities"] = "activities"
    precision: Literal["address", "postcode", "district", "city"] = "city"
    themes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    margin_km: float = Field(default=4.0, ge=0.01, le=1000)
    resamples: int = Field(default=200, ge=0, le=10_000)
    relabellings: int = Field(default=999, ge=0, le=100_000)
    seed: int = Field(default=0, ge=0, le=2**53)

    @model_validator(mode="before")
    @classmethod
    def _start_from_what_it_is_like(cls, written: object) -> object:
        if not isinstance(written, dict):
            return written
        return {**PRESETS.get(str(written.get("like")), {}), **written}

    @model_validator(mode="after")
    def _levels_and_periods_make_sense(self) -> "Detection":
        try:
            self.parameters()
        except InputError as err:
            raise ValueError(str(err)) from err
        return self

    def parameters(self) -> Parameters:
        """The same, as detection takes it."""
        return Parameters(**self.model_dump(exclude={"like"}))


class Kinds(BaseModel):
    """
    What makes a cluster diverse, specialised or R&D-collaborating: see docs/methods/kinds.md.

    Each number but the first is what the lower bound of a 95 % interval must exceed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_activities: int = Field(default=10, ge=1, le=1_000_000)
    diverse_above: float = Field(default=0.33, ge=0, le=0.999)
    specialised_above: float = Field(default=1.5, ge=1, le=1000)
    collaborating_above: float = Field(default=0.1, ge=0, le=0.999)


class AreaFile(BaseModel):
    """A file of official areas that clusters are compared with; see `read.areas`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path
    scheme: str | None = Field(default=None, min_length=1, max_length=100)
    id_column: str | None = None
    name_column: str | None = None

    @property
    def label(self) -> str:
        """The last folder and the name, as the manifest has it."""
        return "/".join(self.file.parts[-2:])


class Config(BaseModel):
    """A build's configuration; everything has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", max_length=200)
    sample: bool = False
    detect: Detection = Detection()
    kinds: Kinds = Kinds()
    areas: tuple[AreaFile, ...] = ()


def read_config(path: Path | None) -> Config:
    """
    Read a build's configuration; files it names are sought beside it.

    Raises
    ------
    InputError
        If the file is missing or not YAML, has a key that is none, or a value out of range.
    """
    if path is None:
        return Config()
    try:
        written = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"the config file {path} cannot be read ({err}); check --config") from err
    except yaml.YAMLError as err:
        said = " ".join(str(err).split())
        raise InputError(f"{path} is not valid YAML: {said}; mend that line") from err
    config = _checked({} if written is None else written, path)
    beside = [each.model_copy(update={"file": path.parent / each.file}) for each in config.areas]
    return config.model_copy(update={"areas": tuple(beside)})


def _checked(written: object, path: Path) -> Config:
    if not isinstance(written, dict):
        raise InputError(f"{path} holds {written!r}; write keys and values, such as `name: Wales`")
    try:
        return Config.model_validate(written)
    except ValidationError as err:
        faults = [_in_words(fault["loc"], fault["msg"], fault["type"]) for fault in err.errors()]
        raise InputError(f"{path}: " + "; ".join(faults)) from err


def _in_words(where: tuple[int | str, ...], message: str, kind: str) -> str:
    name = ".".join(map(str, where))
    if kind != "extra_forbidden":
        return f"{name}: {message[0].lower()}{message[1:]}"
    blocks: dict[str, type[BaseModel]] = {
        "detect": Detection,
        "kinds": Kinds,
        "areas": AreaFile,
    }
    block = blocks.get(str(where[0]), Config) if len(where) > 1 else Config
    known = block.model_fields
    near = difflib.get_close_matches(str(where[-1]), known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(known)}"
    return f"there is no key `{name}`; {hint}"
