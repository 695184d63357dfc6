"""Word files as people write them, made by python-docx, read as text; and hostile ones, which are not."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from yuanqing.shell.document.dictated import from_docx
from yuanqing.shell.document.prose import render
from yuanqing.shell.document.unpack import Limits, Unreadable


def real() -> bytes:
    made = docx.Document()
    made.add_heading("感受体会", 0)
    made.add_heading("看了什么、想到什么", 1)
    line = made.add_paragraph("片子里的人，")
    line.add_run("第一次").bold = True
    line.add_run("伸手").bold = True
    line.add_run("的时候也说下不为例。")
    made.add_heading("对照自己", 2)
    made.add_paragraph("礼品登记不及时", style="List Bullet")
    made.add_paragraph("现场去得少", style="List Bullet")
    made.add_paragraph("先报批", style="List Number")
    table = made.add_table(2, 2)
    for cell, words in zip(table._cells, ("事项", "期限", "建台账|公布", "三月底"), strict=True):
        cell.text = words
    made.add_paragraph("# 不是标题 *也不是强调* <script>alert(1)</script>")
    made.add_paragraph("1. 不是编号")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_headings_bold_lists_and_tables():
    text = from_docx(real())
    assert "## 看了什么、想到什么\n\n片子里的人，**第一次伸手**的时候也说下不为例。" in text
    assert "### 对照自己\n\n- 礼品登记不及时\n- 现场去得少\n1. 先报批" in text
    assert "| 事项 | 期限 |\n| --- | --- |\n| 建台账\\|公布 | 三月底 |" in text


def test_what_was_typed_stays_what_was_typed():
    shown = render(from_docx(real()))
    assert "<strong>第一次伸手</strong>" in shown
    assert "<td>建台账|公布</td>" in shown
    assert "<p># 不是标题 *也不是强调* &lt;script&gt;alert(1)&lt;/script&gt;</p>" in shown
    assert "<p>1. 不是编号</p>" in shown


def with_member(name: str, content: bytes, *, instead: bool = False) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(real())) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for one in source.namelist():
            if one != name or not instead:
                target.writestr(one, source.read(one))
        target.writestr(name, content)
    return kept.getvalue()


ENTITIES = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'
REMOTE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://example.invalid/t.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "损坏"),
        (b"PK\x03\x04 cut", "损坏"),
        (real()[:-200], "损坏"),
        (with_member("word/vbaProject.bin", b"x"), "宏"),
        (with_member("../evil.txt", b"x"), "文件名"),
        (with_member("word/document.xml", ENTITIES, instead=True), "实体"),
        (with_member("word/media/bomb.bin", bytes(40 << 20)), "压缩率"),
        (with_member("word/_rels/document.xml.rels", REMOTE, instead=True), "外部地址"),
        (with_member("word/media/run.png", b"MZ" + bytes(20)), "程序"),
        (with_member("word/document.xml", b"<w:nothing/>", instead=True), "打不开"),
    ],
)
def test_hostile_or_broken_files_are_told(data, words):
    with pytest.raises(Unreadable, match=words):
        from_docx(data)


def test_too_large_is_told():
    with pytest.raises(Unreadable, match="太大"):
        from_docx(real(), Limits(size=1000))
