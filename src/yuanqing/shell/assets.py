"""Static files: what is taken from node_modules, the icon sprite, and the hashed storage they are served from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from yuanqing.shell.icons import missing_icons, sprite, used_icons
from yuanqing.shell.modules import ENTRIES, PREFIX, rewritten

# prefix under /static/ -> (folder of the package, files taken from it); everything else stays where it is.
PACKAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "tabler": ("@tabler/core/dist/css", ("tabler.min.css",)),
    "echarts": ("echarts/dist", ("echarts.min.js",)),
    "scorm": ("scorm-again/dist", ("scorm12.min.js", "scorm2004.min.js")),
}
ICONS = "@tabler/icons/icons/outline"
SPRITE = "yuanqing/icons.svg"


def packages_folder() -> Path:
    return Path(settings.ROOT) / "node_modules"


def missing_files() -> list[str]:
    """Files of the allow-list that are not installed."""
    folder = packages_folder()
    wanted = [f"{package}/{name}" for package, names in PACKAGES.values() for name in names] + list(ENTRIES)
    missing = [path for path in wanted if not (folder / path).exists()]
    return missing if (folder / ICONS).is_dir() else [*missing, ICONS]


class PackageFinder(BaseFinder):
    """Finds the allow-listed files of the front-end packages and builds the icon sprite."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        wanted = find_all or bool(kwargs.get("all"))
        prefix, _slash, name = path.partition("/")
        package, names = PACKAGES.get(prefix, ("", ()))
        file = packages_folder() / package / name
        if prefix == PREFIX and name in rewritten(packages_folder()):
            file = Path(self._module_storage().path(name))
        elif path == SPRITE and (packages_folder() / ICONS).is_dir():
            file = Path(self._sprite_storage(packages_folder() / ICONS).path(SPRITE))
        elif name not in names or not file.exists():
            return []
        return [str(file)] if wanted else str(file)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        folder = packages_folder()
        for prefix, (package, names) in PACKAGES.items():
            storage = FileSystemStorage(location=folder / package)
            storage.prefix = prefix  # type: ignore[attr-defined]
            yield from ((name, storage) for name in names if storage.exists(name))
        if (folder / ICONS).is_dir():
            yield SPRITE, self._sprite_storage(folder / ICONS)
        storage = self._module_storage()
        storage.prefix = PREFIX  # type: ignore[attr-defined]
        yield from ((name, storage) for name in rewritten(folder))

    def _module_storage(self) -> FileSystemStorage:
        """The modules with addresses in their imports as files, each written when it changed."""
        location = Path(settings.HOME) / "build" / PREFIX
        for name, text in rewritten(packages_folder()).items():
            file = location / name
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        return FileSystemStorage(location=location)

    def _sprite_storage(self, icons: Path) -> FileSystemStorage:
        """The sprite as a file; rewritten only when it changed, so that collectstatic can skip it."""
        location = Path(settings.HOME) / "build"
        file = location / SPRITE
        drawn = sprite(used_icons(), icons)
        if not file.exists() or file.read_text(encoding="utf-8") != drawn:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(drawn, encoding="utf-8")
        return FileSystemStorage(location=location)


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names and gzip; references to source maps and webfonts that nobody ships are left as they are."""

    manifest_strict = False
    patterns = tuple(
        (glob, tuple(p for p in rules if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])))
        for glob, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """What the manifest says of a file is worked out once: a page names a dozen."""
        if name not in self._known:
            address = str(super().url(name, force))
            if name not in self.hashed_files:
                return address
            self._known[name] = address
        return self._known[name]

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name

    def create_compressor(self, **kwargs: Any) -> Compressor:
        # Brotli takes twenty times as long as gzip over the same files and saves a fifth of their size.
        return Compressor(**{**kwargs, "use_brotli": False})

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Any:
        convert = super().url_converter(name, *args, **kwargs)

        def tolerant(match: re.Match[str]) -> str:
            try:
                return str(convert(match))
            except ValueError:
                return match.group(0)

        return tolerant


def packages_are_installed(**kwargs: Any) -> list[CheckMessage]:
    """The pages need the front-end packages; a missing one is said before anybody sees an unstyled page."""
    missing = missing_files()
    if missing:
        text = _("缺少前端文件：%(files)s。") % {"files": "、".join(missing)}
        return [Error(text, hint=_("请运行 make deps（run make deps）。"), id="shell.E001")]
    unknown = missing_icons(used_icons(), packages_folder() / ICONS)
    if unknown:
        return [Error(_("图标不存在：%(names)s。") % {"names": "、".join(unknown)}, id="shell.E002")]
    return []
