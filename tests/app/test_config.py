"""What a build may be told, and what it answers to what it may not."""

import pytest

from triplehelix.app.config import Config, Detection, read_config
from triplehelix.detect import Parameters
from triplehelix.errors import InputError
from triplehelix.measure import Thresholds


def written(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_all_is_default():
    assert read_config(None) == Config()


def test_defaults_are_those_of_detection():
    assert Config().detect.parameters() == Parameters()


def test_a_published_way_is_a_start_and_each_key_overrides_it(tmp_path):
    asked = read_config(written(tmp_path, "detect: {like: hotspots, radius_km: 0.4}")).detect
    assert (asked.radius_km, asked.precision, asked.weight) == (0.4, "postcode", "organisations")
    assert read_config(written(tmp_path, "detect: {like: wipo}")).detect.radius_km == 15
    assert read_config(written(tmp_path, "detect: {like: dsit}")).detect.themes == ("each",)


def test_defaults_are_those_of_the_measures():
    assert Thresholds(**Config().kinds.model_dump()) == Thresholds()


def test_what_is_written_is_read(tmp_path):
    text = "name: Wales\ndetect: {radius_km: 12.5, min_weight: 4, weight: organisations}\n"
    config = read_config(written(tmp_path, text))
    assert config.name == "Wales"
    assert (config.detect.radius_km, config.detect.min_weight) == (12.5, 4)
    assert config.detect.margin_km == Detection().margin_km


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_is_all_defaults(text, tmp_path):
    assert read_config(written(tmp_path, text)) == Config()


@pytest.mark.parametrize(("text", "said"), [
    ("detect: {radius_km: [}", "is not valid YAML: .*mend that line"),
    ("Wales", "write keys and values, such as `name: Wales`"),
    ("title: Wales", "there is no key `title`; the keys are name, sample, detect, kinds"),
    ("sampel: true", "did you mean `sample`?"),
    ("detect: {radius: 3}", "there is no key `detect.radius`; did you mean `radius_km`?"),
    ("kinds: {diverse: 3}", "there is no key `kinds.diverse`; did you mean `diverse_above`?"),
    ("kinds: {specialised_above: 0.5}", "kinds.specialised_above: input should be greater"),
    ("detect: {radius_km: far}", "detect.radius_km: input should be a valid number"),
    ("detect: {radius_km: .nan}", "detect.radius_km: "),
    ("detect: {radius_km: .inf}", "detect.radius_km: "),
    ("detect: {min_weight: 0}", "detect.min_weight: "),
    ("detect: {method: magic}", "detect.method: input should be "),
    ("detect: 15", "detect: "),
    ("detect: {like: porter}", "detect.like: input should be 'wipo', 'hotspots' or 'dsit'"),
    ("detect: {levels_km: [10]}", "detect: .*give every level a radius of its own"),
    ("detect: {levels_km: [0]}", "detect.levels_km.0: input should be greater"),
    ("detect: {periods: [2016/2014]}", "detect: .*such as 2014/2016"),
    ("name: [a, b]", "name: input should be a valid string"),
])  # fmt: skip
def test_what_is_wrong_is_named(text, said, tmp_path):
    with pytest.raises(InputError, match=said):
        read_config(written(tmp_path, text))


def test_all_that_is_wrong_is_named_at_once(tmp_path):
    with pytest.raises(InputError, match="detect.radius_km: .*; there is no key `nmae`"):
        read_config(written(tmp_path, "nmae: x\ndetect: {radius_km: -1}"))


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot be read .*check --config"):
        read_config(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: Société".encode("latin-1"))
    with pytest.raises(InputError, match="cannot be read .*check --config"):
        read_config(tmp_path / "latin.yaml")


@pytest.mark.parametrize("value", ["!!python/object/apply:os.getcwd []", "&a [*a]"])
def test_a_file_that_would_do_more_than_say(value, tmp_path):
    with pytest.raises(InputError):
        read_config(written(tmp_path, f"name: {value}"))
