"""Packs from and to YAML, with nothing guessed: 1.10 stays 1.10, "no" stays "no", a repeated key is refused."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from yuanqing.kernel.packs.entries import PACK_KINDS
from yuanqing.kernel.packs.problems import PackError, Problem
from yuanqing.kernel.packs.schema import Pack, as_data, build


class _Loader(yaml.CBaseLoader):
    """Every scalar is text; the schema says what it means."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    keys = [key.value for key, _value in node.value]
    for key in keys:
        if keys.count(key) > 1:
            line = node.start_mark.line + 1
            raise yaml.MarkedYAMLError(problem=_("第 %(line)s 行起“%(key)s”写了两次") % {"line": line, "key": key})
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, lists indented, everything in the order of the schema."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _fits(value: dict[str, Any]) -> bool:
    return all(isinstance(one, str | int) and "\n" not in str(one) for one in value.values()) and len(str(value)) < 110


def _entry(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.MappingNode:
    """What fits stands on one line, as in a table."""
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=_fits(value))


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _entry)


def from_yaml(text: str, file: str = "yaml") -> Pack:
    """The pack written in this text; PackError tells everything that is wrong with it."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CBaseLoader)):
            raise PackError([Problem(file, "", "", _("规则包中不能使用 YAML 引用（*）"))])
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  a BaseLoader makes nothing but text, lists and mappings
    except yaml.YAMLError as error:
        message = _("不是合格的 YAML：%(error)s") % {"error": " ".join(str(error).split())}
        raise PackError([Problem(file, "", "", message)]) from error
    return build(data, file)


def load(path: Path) -> Pack:
    """The pack in this file, whose name must be the pack's."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackError([Problem(path.name, "", "", _("不是 UTF-8 编码的文字"))]) from error
    pack = from_yaml(text, path.name)
    if pack.name != path.stem:
        message = _("文件名应为“%(name)s.yaml”") % {"name": pack.name}
        raise PackError([Problem(path.name, "", "name", message)])
    return pack


def load_folder(folder: Path) -> dict[str, Pack]:
    """Every pack of a folder by name; the problems of all files are told together."""
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            packs[path.stem] = load(path)
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(problems)
    return packs


def to_yaml(pack: Pack) -> str:
    """The pack as YAML that `from_yaml` reads back to the same pack; comments of the original are not kept."""
    data = as_data(pack)
    default = PACK_KINDS[pack.kind][0]
    for entry in data["entries"]:
        if entry["kind"] == default:
            del entry["kind"]
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
