"""The one public address. GET shows the front; everything else is a POST whose field `step` says what is wanted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yuanqing.hotline.gate import queries as gate
from yuanqing.hotline.gate.rules import Challenge
from yuanqing.hotline.page import draw, public
from yuanqing.hotline.proof.queries import evidence
from yuanqing.hotline.report import actions
from yuanqing.hotline.report.actions import Parcel
from yuanqing.hotline.report.forms import LONGEST, ReportForm
from yuanqing.hotline.report.lifecycle import LIFECYCLE
from yuanqing.hotline.report.policies import REPORTER
from yuanqing.hotline.upload import CHANNEL, SealedFile, SealingUpload
from yuanqing.hotline.window import queries
from yuanqing.hotline.window.actions import post, post_alone, post_with_files
from yuanqing.hotline.window.rules import Ids, Sealed
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.sealing import envelope, store
from yuanqing.kernel.sealing.models import SealingKey
from yuanqing.kernel.sealing.receipt import read_digits, spelled

PACK = "hotline"
EVEN_SECONDS = 0.5  # opening a mailbox and failing to open one are answered after the same time
MEGABYTE = 1 << 20
TYPED = 40  # characters of a receipt that are given back for correcting; its field takes no more
Page = Callable[[], HttpResponse]  # drawn once everything is durable and nothing is locked


@public
def window(request: HttpRequest) -> HttpResponse:
    pack = current(PACK)
    if request.method == "GET":
        return _front(pack)
    if request.method != "POST":
        return draw("message", {"text": _("没有这个办法。")}, 405)
    if request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return draw("message", {"text": _("请直接打开举报页面填写，不要从别的网站转来。")}, 403)
    if (request.content_type or "").startswith("multipart/"):
        return _with_files(request, pack)
    step = STEPS.get(request.POST.get("step", ""))
    return step(request, pack) if step else _front(pack)


def _front(pack: Pack, error: str = "", status: int = 200, typed: str = "") -> HttpResponse:
    context = {"channels": queries.channels(pack), "is_open": queries.is_open(), "error": error, "typed": typed}
    return draw("front", context, status)


# Reporting


def _form(request: HttpRequest, pack: Pack) -> HttpResponse:
    channel = next((c for c in queries.channels(pack) if c.code == request.POST.get("channel")), None)
    if channel is None or not queries.is_open():
        return _front(pack)
    return _drawn(ReportForm(pack, channel), pack)


def _drawn(form: ReportForm, pack: Pack, said: str = "", status: int = 200) -> HttpResponse:
    issued = gate.issue(pack)
    excluded = form.given.getlist("exclude") if hasattr(form.given, "getlist") else []
    context = {
        "form": form,
        "pack": pack,
        "said": said,
        "issued": issued,
        "plan": json.dumps(queries.plan(form, issued)),
        "receivers": [(h, str(h.pk) in excluded) for h in queries.receivers()],
        "had_files": form.given.get("had_files") == "yes",
        "most": gate.number(pack, "limit_megabytes"),
    }
    return draw("form", context, status)


def _with_files(request: HttpRequest, pack: Pack) -> HttpResponse:
    """Sealed on its way in under a key made for this request; all or nothing of it is kept."""
    own, public_key = envelope.new_identity()
    key = SealingKey(pk=uuid4(), public=public_key, recipients=[])
    belongs_to = uuid4()
    with ExitStack() as stack:
        limit = gate.number(pack, "limit_megabytes") * MEGABYTE
        upload = SealingUpload(request, key, belongs_to, limit, begin=lambda: stack.enter_context(transaction.atomic()))
        request.upload_handlers = [upload]
        given: Mapping[str, Any] = request.POST
        files = [file for file in request.FILES.getlist("files") if isinstance(file, SealedFile)]
        upload.settle()
        bundle = store.Bundle(key, own, values=[file.value for file in files], pieces=upload.held)
        described = [file.described for file in files]
        act = _write if given.get("step") == "write" else _send
        found = act(given, pack, bundle, described, upload)
        if isinstance(found, HttpResponse) and upload.is_kept:
            transaction.set_rollback(True)  # it was refused
    return found if isinstance(found, HttpResponse) else found()


def _send(
    given: Mapping[str, Any], pack: Pack, bundle: store.Bundle, files: list[dict[str, Any]], upload: SealingUpload
) -> HttpResponse | Page:
    channel = next((c for c in queries.channels(pack) if c.code == given.get("channel")), None)
    if channel is None:
        return _front(pack, status=422)
    form = ReportForm(pack, channel, given, is_sealed=bool(given.get("sealed")))
    challenge = Challenge.read(given.get("token", ""), gate.gate_key())
    is_right, said = form.check(), _refused(challenge, given.get("answer", ""), upload, pack)
    if not is_right or said:
        return _drawn(form, pack, said or _("有几处要补充，见下面的红字。"), 422)
    assert challenge is not None
    level = next(one for one in form.levels if one.code == form.level)
    try:
        holders, passes_through = queries.recipients_for(level, given.getlist("exclude"))  # type: ignore[attr-defined]
    except LookupError:
        return _drawn(form, pack, _nobody(pack), 422)
    slip = queries.derive(challenge.digits)
    ids, ready = Ids.of(challenge.riddle), bundle
    if form.is_sealed:
        sealed = Sealed.read(given["sealed"])
        found = queries.sealed_bundle(sealed, ids, holders) if sealed else None
        if found is None:
            return _drawn(form, pack, _("受理人员刚有变动，或者浏览器没有封好。填的内容还在，请再按一次“提交”。"), 422)
        ready = found
    else:
        _seal(bundle, holders, slip.public, {**form.content(), "files": files, "receipt": slip.public}, upload)
    parcel = Parcel(
        pk=ids.report if form.is_sealed else upload.belongs_to,
        bundle=ready,
        tag=slip.tag,
        channel=channel.code,
        level=form.level,
        is_named=form.is_named,
        language=get_language() or "",
        passes_through=passes_through,
        next_on=queries.first_due(pack, is_named=form.is_named, passes_through=passes_through),
    )
    if form.is_sealed and files:
        is_taken = post_with_files((parcel, challenge), bundle, files)
    else:
        is_taken = (post_alone if upload.is_kept else post)((parcel, challenge))
    if not is_taken:
        return draw("message", {"text": _("这份表已经提交过了。要再举报，请从头打开一份新的表。")}, 409)
    said_back = {"digits": spelled(challenge.digits), "pack": pack, "is_named": form.is_named}
    return lambda: draw("receipt", said_back)


def _nobody(pack: Pack) -> str:
    """What to say where nobody can receive it; in Chinese rather than not at all."""
    words = pack.entry("words_nobody")
    return str(words.explanation or words.text)


def _seal(bundle: store.Bundle, holders: list[Any], receipt: str, said: dict[str, Any], upload: SealingUpload) -> None:
    """Complete the bundle: its content first, then the secret sealed to everybody entitled."""
    key = bundle.key
    key.recipients, key.has_receipt = sorted(holder.pk for holder in holders), True
    content = store.new_value(key, CHANNEL, upload.belongs_to, "content")
    bundle.pieces = [*bundle.pieces, *store.sealed_in(content, json.dumps(said, ensure_ascii=False).encode())]
    bundle.values.insert(0, content)
    bundle.wraps = [store.new_wrap(key, bundle.secret, h.pk, h.public) for h in holders]
    bundle.wraps.append(store.new_wrap(key, bundle.secret, None, receipt))


def _refused(challenge: Challenge | None, answer: str, upload: SealingUpload, pack: Pack) -> str:
    """Why the form cannot be taken yet, apart from its answers; "" when it can."""
    if upload.is_too_much:
        return _("附件太大或太多，没有收下。最多 20 个、合计 %(n)s MB。") % {"n": gate.number(pack, "limit_megabytes")}
    if challenge is None or challenge.expires < time.time():
        return _("这份表打开得太久，已经失效。填的内容还在，请再按一次“提交”。")
    left = challenge.seconds_left(time.time())
    if left and not challenge.is_solved(answer):
        return _("为防止被大量垃圾信息淹没，请再等 %(n)s 秒以后按“提交”。填的内容还在。") % {"n": left}
    return ""


# The mailbox


def _mailbox(request: HttpRequest, pack: Pack) -> HttpResponse:
    """Found or not, the answer takes the same time and is as long."""
    began = time.monotonic()
    typed = request.POST.get("receipt", "")
    digits = read_digits(typed)
    box = queries.find(digits)
    if box is None:
        queries.decoy()
    unknown = _(
        "没有这个回执号码。请核对 24 位数字；数字确实没有错的，举报可能已被删除，请凭回执和证明文件向上级机关反映。"
    )
    response = _box(box, pack) if box else _front(pack, unknown, 422, typed[:TYPED])
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - began)))
    return response


def _box(
    box: queries.Box,
    pack: Pack,
    said: str = "",
    proof: dict[str, Any] | None = None,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
    typed: str = "",
) -> HttpResponse:
    """`wrong` says at which field what could not be done, `typed` is what was written there."""
    progress = {entry.code: entry for entry in pack.table("progress")}
    context = {
        "box": box,
        "said": said,
        "wrong": wrong,
        "typed": typed,
        "most": gate.number(pack, "limit_megabytes"),
        "progress": progress.get(f"progress_{box.report.state}"),
        "state": LIFECYCLE.states[box.report.state],
        "may_withdraw": not LIFECYCLE.refusal("withdraw", box.report.state),
        "answers": _answers(box, pack),
        "proof": proof,
        "proof_text": json.dumps(proof["file"], ensure_ascii=False, indent=1) if proof and proof["file"] else "",
    }
    return draw("mailbox", context, status)


def _answers(box: queries.Box, pack: Pack) -> list[tuple[str, str]]:
    """Question and answer as the reporter gave them."""
    given = box.content.said.get("answers", {})
    known = {item.code: item for item in pack.of_kind("item")}
    found = []
    for code, value in given.items():
        item = known.get(code)
        choices = {c.code: c.label for c in pack.table(item.choices)} if item and item.choices else {}
        if value:
            found.append((item.label if item else code, choices.get(value, value)))
    return found


def _opened(given: Mapping[str, Any]) -> queries.Box | None:
    return queries.find(queries.digits_of(given.get("box", "")))


def _closed(pack: Pack) -> HttpResponse:
    return _front(pack, _("信箱已经关上。请重新输入回执号码。"), 422)


def _write(
    given: Mapping[str, Any], pack: Pack, bundle: store.Bundle, files: list[dict[str, Any]], upload: SealingUpload
) -> HttpResponse | Page:
    """A letter of the reporter with its files."""
    box = _opened(given)
    if box is None or not box.secret:
        return _closed(pack)
    text = given.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()
    if upload.is_too_much or len(text) > LONGEST["long"]:
        said = _("附件或文字太多，没有收下。附件要重新选择。")
        return _box(box, pack, wrong={"text": said}, typed=text, status=422)
    if not text and not files:
        return _box(box, pack, wrong={"text": _("请写几句话，或者选择附件。")}, status=422)
    values, pieces = queries.moved(box.report, bundle, files)
    letter, own = queries.sealed_letter(box.report, {"text": text, "files": files})
    actions.write(box.report, by=REPORTER, values=[letter, *values], pieces=[*own, *pieces])
    return lambda: _again(box, pack, _("已送到。"))


def _again(box: queries.Box, pack: Pack, said: str) -> HttpResponse:
    fresh = queries.find(box.digits)
    return _box(fresh, pack, said) if fresh else _closed(pack)


def _withdraw(request: HttpRequest, pack: Pack) -> HttpResponse:
    box = _opened(request.POST)
    if box is None:
        return _closed(pack)
    if request.POST.get("sure") != "yes":
        return _box(box, pack, wrong={"sure": _("要撤回，请先勾选“我确定撤回”。")}, status=422)
    try:
        actions.withdraw(box.report, by=REPORTER)
    except Refused as refused:
        return _box(box, pack, wrong={"withdraw": str(refused)}, status=409)
    return _again(box, pack, _("已撤回。材料仍按规定保存。"))


def _prove(request: HttpRequest, pack: Pack) -> HttpResponse:
    box = _opened(request.POST)
    return _box(box, pack, proof=evidence(box.report)) if box else _closed(pack)


def _file(request: HttpRequest, pack: Pack) -> HttpResponse:
    """One of the mailbox's files, as a download and never shown in the browser."""
    box = _opened(request.POST)
    found = queries.attachment(box, request.POST.get("id", "")) if box else None
    if found is None:
        return _closed(pack)
    described, content = found
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(described['name'])}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


STEPS = {
    "form": _form,
    "mailbox": _mailbox,
    "withdraw": _withdraw,
    "prove": _prove,
    "file": _file,
}


@public
def absent(request: HttpRequest) -> HttpResponse:
    """Whatever else is typed after the address."""
    return draw("message", {"text": _("没有这一页。")}, 404)


urlpatterns = [
    path("", window, name="window"),
    path("en/", window, {"language": "en"}, name="window_en"),
    path("<path:rest>", absent, name="absent"),
]
