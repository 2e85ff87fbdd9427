"""The documentation says what is there: commands, routes, tables, keys, errors, and no others."""

import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pyarrow as pa
import pytest
import yaml
from click.testing import CliRunner

import triplehelix
from tests.routes import query_parameters
from triplehelix import detect, errors, link, measure, stats
from triplehelix.app.build import build
from triplehelix.app.config import AreaFile, Config, Detection, Kinds
from triplehelix.app.sample import sample_config, sample_inputs
from triplehelix.cli import triplehelix as command_line
from triplehelix.detect.parameters import PRESETS
from triplehelix.read.sources import catalogue
from triplehelix.serve import api, pages, refusals
from triplehelix.tables import EDITION

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    + [page for page in DOCS.rglob("*.md") if "_build" not in page.parts]
)
_FENCE = re.compile(r"^ *```(\S*)(?: +(\S+))?\n(?::caption: (\S+)\n)?(.*?)^ *```$", re.M | re.S)
_TYPES = {
    "text": pa.string(), "texts": pa.list_(pa.string()), "whole number": pa.int64(),
    "number": pa.float64(), "decimal": pa.decimal128(18, 2), "date": pa.date32(),
    "true or false": pa.bool_(), "bytes": pa.binary(),
}  # fmt: skip


def words(page: Path) -> str:
    return page.read_text("utf-8")


def reference(name: str) -> str:
    return words(DOCS / "reference" / f"{name}.md")


def blocks(page: Path, *languages: str) -> list[str]:
    """The fenced blocks of a page in some languages."""
    return [body for kind, _, _, body in _FENCE.findall(words(page)) if kind in languages]


def sections(text: str, level: str) -> dict[str, str]:
    """A page's headings of one level, as plain text, each with what follows it."""
    parts = re.split(rf"^{level} (.+)$", text, flags=re.M)[1:]
    heads = [head.strip().strip("`") for head in parts[::2]]
    return dict(zip(heads, parts[1::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """The rows of all tables in a text, without their heads, code marks kept."""
    lines = [line.strip() for line in text.splitlines()]
    return [
        re.split(r" *\| *", line.removeprefix("|").removesuffix("|").strip(" "))
        for i, line in enumerate(lines)
        if line.startswith("|")
        and not line.startswith("|---")
        and not (i + 1 < len(lines) and lines[i + 1].startswith("|---"))
    ]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


# Commands


def named(words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that words begin with, through groups, and the words after its name."""
    command: click.Command | None = command_line
    while isinstance(command, click.Group) and words:
        command, words = command.commands.get(words[0]), words[1:]
    return command, words


def every_command(group: click.Group = command_line) -> Iterator[click.Command]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from every_command(command)
        else:
            yield command


def commands_in(page: Path) -> Iterator[list[str]]:
    """Each line of a page that a reader would type and that calls our command."""
    fenced = "\n".join(blocks(page, "shell", "console", "sh", "bash"))
    indented = "\n".join(re.findall(r"^ {4,}(triplehelix .*)$", words(page), re.M))
    for line in f"{fenced}\n{indented}".replace("\\\n", " ").splitlines():
        if line.strip().startswith("triplehelix "):
            yield shlex.split(line, comments=True)[1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_to_type_are_understood(page, monkeypatch):
    monkeypatch.setenv("TRIPLEHELIX_REGISTRY", "registry.db")  # as the pages say once
    for typed in commands_in(page):
        command, arguments = named(typed)
        assert command, f"{page.name}: there is no command `triplehelix {' '.join(typed)}`"
        try:
            command.make_context(command.name, arguments)
        except click.UsageError as err:
            pytest.fail(f"{page.name}: triplehelix {' '.join(typed)}: {err}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_running_text_exist(page):
    for mention in re.findall(r"`triplehelix ([^`]+)`", words(page)):
        first, *_ = mention.split()
        if first.startswith("-") or first.isupper():
            continue
        command, rest = named(mention.split())
        assert command, mention
        known = {option for p in command.params for option in p.opts}
        assert {word for word in rest if word.startswith("--")} <= known | {"--help"}, mention


def test_every_command_is_documented_with_each_option():
    described = sections(reference("cli"), "###")
    assert len(described) == len(list(every_command()))
    assert {id(named(head.split()[1:])[0]) for head in described} == set(map(id, every_command()))
    for head, text in described.items():
        command, _ = named(head.split()[1:])
        table = {code(option)[0]: meaning for option, meaning in rows(text.split("\n## ")[0])}
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert set(table) == {p.opts[0] for p in options}, head
        for option in options:
            meaning = table[option.opts[0]]
            assert meaning.startswith("needed") == option.required, f"{head} {option.opts[0]}"
            if not option.required and option.show_default:
                assert str(option.default) in meaning, f"{head} {option.opts[0]}"


def test_arguments_of_commands_are_documented_in_their_order():
    for head in sections(reference("cli"), "###"):
        command, given = named(head.split()[1:])
        arguments = [p.name for p in command.params if isinstance(p, click.Argument)]
        written = [word.strip("[].").lower() for word in given]
        assert [word if word != "prune" else "action" for word in written] == arguments


def test_make_targets_exist():
    targets = set(re.findall(r"^(\w+):", words(ROOT / "Makefile"), re.M))
    for page in PAGES:
        assert set(re.findall(r"`make (\w+)", words(page))) <= targets, page.name
        for block in blocks(page, "shell"):
            assert set(re.findall(r"^make (\w+)", block, re.M)) <= targets, page.name


def test_environment_variables_are_documented():
    read = re.compile(r'(?:environ(?:\.get\(|\[)|envvar=)"([A-Z_]+)"')
    source = (ROOT / "src" / "triplehelix").rglob("*.py")
    used = {name for path in source for name in read.findall(words(path))}
    described = {code(row[0])[0] for row in rows(sections(reference("cli"), "##")["Environment"])}
    # Mappings may name any variable; this is the one that those which ship do.
    assert described == used | {"TRIPLEHELIX_DATA"}


# HTTP


def test_every_route_is_documented_with_its_forms_and_parameters():
    described = {}
    for head in ("Pages", "Downloads", "The API"):
        for row in rows(sections(reference("http"), "##")[head]):
            [address] = code(row[0])
            forms = code(row[1]) if head == "Pages" else []
            parameters = row[-2] if head != "Downloads" else ""
            for form in ("", *forms):
                described[address + form] = set(code(parameters))
    routers = (api.api, pages.router, *(part.router for part in pages.PARTS))
    there = {
        route.path.replace(":path}", "}"): {p.alias for p in query_parameters(route.dependant)}
        for router in routers
        for route in router.routes
    }
    apart = {"/robots.txt", "/favicon.ico"}
    assert all(address in reference("http") for address in apart)
    assert described == {path: there[path] for path in there.keys() - apart}


def test_statuses_of_errors_are_documented():
    described = {
        code(row[0])[0]: (code(row[1])[0], int(row[3]))
        for row in rows(reference("errors"))
        if len(row) == 4
    }
    ours = [e for e in vars(errors).values() if inspect.isclass(e)]
    assert described == {e.__name__: (e.__bases__[0].__name__, refusals.STATUS[e]) for e in ours}
    statuses = {int(row[0]) for row in rows(sections(reference("http"), "##")["Errors"])}
    assert statuses >= set(refusals.STATUS.values())


# Tables, keys, datasets, names


def test_every_column_of_every_table_is_documented():
    described = sections(reference("tables"), "##")
    described.pop("The measures in `profiles")
    assert list(described) == list(EDITION)
    for name, text in described.items():
        columns = [(code(column)[0], _TYPES[kind]) for column, kind, _ in rows(text)]
        assert columns == list(EDITION[name].columns), name
        assert all(len(meaning) > 2 or meaning.isdigit() for _, _, meaning in rows(text)), name
        keys = [code(column)[0] for column, _, _ in rows(text) if column.startswith("**")]
        assert set(keys) == set(EDITION[name].key), name


def test_every_measure_is_documented(sample):
    text = sections(reference("tables"), "##")["The measures in `profiles"]
    patterns = []
    for row in rows(text):
        first, *others = code(row[0])
        stem = first.rpartition("_")[0]
        names = [first, *(o if not o.startswith("_") else stem + o for o in others)]
        # "and so on": one for each helix, or each currency.
        patterns += [f"{stem}_[A-Za-z]+"] if "and so on" in row[0] else names
    for measure_name in set(sample.profiles["measure"]):
        assert any(re.fullmatch(p, measure_name) for p in patterns), measure_name


def test_manifest_keys_are_documented(sample):
    described = [code(row[0])[0] for row in rows(reference("edition-json"))]
    assert sorted(described) == sorted(sample.manifest)


def test_configuration_keys_and_defaults_are_documented():
    keys = reference("configuration").split("\n## ")[0]
    described = {code(row[0])[0]: row for row in rows(keys)}
    blocks = {"detect": Detection, "kinds": Kinds, "areas": AreaFile}
    fields = {name: f for name, f in Config.model_fields.items() if name not in blocks}
    for block, model in blocks.items():
        fields |= {f"{block}.{name}": field for name, field in model.model_fields.items()}
    assert set(described) == set(fields)
    for name, field in fields.items():
        default = described[name][1]
        assert default.startswith("needed") == field.is_required(), name
        if not field.is_required() and (field.default or isinstance(field.default, bool)):
            assert default.startswith("`"), name
            assert yaml.safe_load(default.strip("`")) == as_written(field.default), name
        else:
            assert "`" not in default, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_configurations_to_write_are_understood(page):
    for block in blocks(page, "yaml", "{code-block}"):
        written = yaml.safe_load(block) if "\ndetect:" in block or "\nareas:" in block else {}
        Config.model_validate(written)


def test_presets_are_documented():
    table = rows(sections(reference("configuration"), "##")["Like a published map"])
    for i, preset in enumerate(PRESETS, start=1):
        settings = Detection(like=preset)
        for row in table:
            [key] = code(row[0])
            written = yaml.safe_load(code(row[i])[0])
            assert written == as_written(getattr(settings, key)), (preset, key)
    assert {code(row[0])[0] for row in table} == {key for each in PRESETS.values() for key in each}


def as_written(value: object) -> object:
    """A value of the configuration as YAML has it."""
    return list(value) if isinstance(value, tuple) else value


def test_every_dataset_is_documented():
    text = reference("datasets")
    described = {code(row[0])[0]: row for row in rows(text) if code(row[0])}
    assert list(described) == [each.id for each in catalogue()]
    for each in catalogue():
        assert each.page in described[each.id][1]
        assert described[each.id][2:] == [each.licence, each.updated]
        assert each.gives in " ".join(text.split())
        assert each.attribution in " ".join(text.split())


def test_every_public_name_is_documented():
    text = reference("python")
    wanted = [f"triplehelix.{name}" for name in triplehelix.__all__ if name[0].isalpha()]
    for module in (detect, measure, link, stats):
        wanted += [f"{module.__name__}.{name}" for name in module.__all__]
    assert [name for name in wanted if f"{name}\n" not in text and f"`{name}`" not in text] == []


# What the pages have the reader do


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the reader of the tutorial sits: the sample is built, the files are written."""
    home = tmp_path_factory.mktemp("tutorial")
    build(sample_inputs(), home / "demo", sample_config())
    for kind, _, caption, body in _FENCE.findall(words(DOCS / "tutorial.md")):
        if kind == "{code-block}":
            (home / caption).write_text(body, "utf-8")
    return home


@pytest.fixture(scope="module")
def sample(folder):
    return triplehelix.open_edition(folder / "demo")


def test_the_tutorials_commands_do_what_it_says(folder, monkeypatch):
    monkeypatch.chdir(folder)
    said = {}
    for arguments in commands_in(DOCS / "tutorial.md"):
        if arguments[0] == "serve":
            continue
        if arguments[0] == "build" and "build" in said:
            config = folder / "small.yaml"
            config.write_text(words(config).replace("radius_km: 8", "radius_km: 10"), "utf-8")
        done = CliRunner().invoke(command_line, arguments)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
        said.setdefault(arguments[0], []).append(done.output)
    first, second = said["clusters"][-2:]
    assert re.findall(r"^(\w+) +GB +(\d)", first, re.M) == [("Edinburgh", "3"), ("Glasgow", "3")]
    assert re.findall(r"^(\w+) +GB +(\d)", second, re.M) == [("Edinburgh", "4"), ("Glasgow", "3")]
    assert "in cluster Edinburgh" in said["where"][-1]
    assert re.search(r"universities\.csv +10 +10 +0", said["build"][0])


@pytest.mark.parametrize("page", ["tutorial.md", "how-to/cite-and-reuse.md"])
def test_python_blocks_run(page, sample, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("demo", "landscape"):
        (tmp_path / name).symlink_to(sample.path)
    exec("\n".join(blocks(DOCS / page, "python")), {})  # noqa: S102
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", words(page)):
        assert (page.parent / target).exists(), f"{page.name} leads to {target}"


def test_pages_build_without_a_warning(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(DOCS), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
