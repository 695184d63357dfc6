"""The look, held by numbers: contrast in both themes, no inline style or script, no unknown icon."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from yuanqing.shell import assets, icons

SHELL = Path(assets.__file__).parent
TEMPLATES = SHELL.parent / "templates"
CSS = (SHELL / "static/yuanqing/yuanqing.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--yq-([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS))
INLINE = re.compile(
    r"\sstyle\s*=\s*[\"'](?!default|primary|danger)|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:"
)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("text", "quiet", "accent") for ground in ("paper", "ground", "sunken")),
        *((text, "paper") for text in ("red", "amber", "green")),
        *((f"{tone}", f"{tone}-soft") for tone in ("accent", "red", "amber", "green")),
    ],
)
def test_every_text_colour_is_readable_on_every_ground_it_stands_on(theme, text, ground):
    pair = [TOKENS[name].split(", ")[theme] for name in (text, ground)]
    assert contrast(*pair) >= 4.5, pair


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_white_on_the_accent_and_the_edges_of_inputs(theme):
    assert contrast("#ffffff", TOKENS["accent-fill"].split(", ")[theme]) >= 4.5
    assert contrast(TOKENS["line-firm"].split(", ")[theme], TOKENS["paper"].split(", ")[theme]) >= 3
    assert contrast(TOKENS["focus"].split(", ")[theme], TOKENS["paper"].split(", ")[theme]) >= 3


def test_no_template_has_inline_style_or_script():
    wrong = [
        str(f.relative_to(TEMPLATES)) for f in TEMPLATES.rglob("*.html") if INLINE.search(f.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_templates_are_short_and_components_few():
    assert [f.name for f in TEMPLATES.rglob("*.html") if len(f.read_text(encoding="utf-8").splitlines()) > 150] == []
    assert len(list((TEMPLATES / "cotton").iterdir())) <= 24


def test_no_table_pushes_a_page_aside():
    """On a phone a table turns into cards or is moved within its own frame; the page stays where it is."""
    framed = re.compile(r'<div class="[^"]*(?:table|grid)-wrap[^"]*"[^>]*>\s*(?=<table)')
    bare = re.compile(r'(?<!FRAME)<table class="table(?! keys)')
    found = {
        f.name: bare.findall(framed.sub("FRAME", f.read_text(encoding="utf-8"))) for f in TEMPLATES.rglob("*.html")
    }
    assert {name for name, tables in found.items() if tables} == set()


def test_the_look_is_one_and_a_duty_adds_little_to_it():
    sheets = {
        f.stem: len(f.read_text(encoding="utf-8").splitlines()) for f in (SHELL / "static/yuanqing").glob("*.css")
    }
    common = {"yuanqing", "components", "print"}
    assert sum(sheets[name] for name in common) <= 600
    assert {name: lines for name, lines in sheets.items() if name not in common and lines > 60} == {}


needs_packages = pytest.mark.skipif(bool(assets.missing_files()), reason="front-end packages are not installed")


@needs_packages
def test_every_icon_named_anywhere_exists():
    assert icons.missing_icons(icons.used_icons(), Path(settings.ROOT) / "node_modules" / assets.ICONS) == []


def test_a_sprite_holds_one_symbol_per_name_and_skips_unknown_ones(tmp_path):
    (tmp_path / "home.svg").write_text(
        '<svg\n width="24"><path stroke="none" d="M0 0h24v24H0z" fill="none" />\n<path d="M5 12l-2 0" /></svg>'
    )
    assert icons.sprite(["home", "nothing"], tmp_path) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="home" viewBox="0 0 24 24"><path d="M5 12l-2 0" /></symbol></svg>\n'
    )


def test_missing_packages_are_said_in_one_sentence(settings, tmp_path):
    settings.ROOT = tmp_path
    (error,) = assets.packages_are_installed()
    assert "make deps" in str(error.hint)
    assert "tabler.min.css" in str(error.msg)


@needs_packages
def test_the_finder_finds_what_is_listed_and_nothing_else():
    finder = assets.PackageFinder()
    assert str(finder.find("tabler/tabler.min.css")).endswith("node_modules/@tabler/core/dist/css/tabler.min.css")
    assert str(finder.find(assets.SPRITE)).endswith("icons.svg")
    assert finder.find("tabler/tabler.css") == []
    assert finder.find("echarts/../../package.json") == []
    assert "echarts.min.js" in [name for name, _storage in finder.list([])]


@needs_packages
def test_collected_files_have_hashed_names_and_a_gzip_twin(settings, tmp_path):
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command

    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "yuanqing.shell.assets.HashedStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["ninja*", "admin*"])
    url = staticfiles_storage.url("yuanqing/yuanqing.css")
    assert re.fullmatch(r"/static/yuanqing/yuanqing\.[0-9a-f]{12}\.css", url)
    assert (tmp_path / (url.removeprefix("/static/") + ".gz")).exists()
    assert not list(tmp_path.rglob("*.br"))
    assert staticfiles_storage.url("nobody/ships.woff2") == "/static/nobody/ships.woff2"
