"""What the pack asks of whom, what is still missing, and what stands in the way of an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.induction.models import CLEARED, STANDING, Induction, InductionItem
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.org.post.models import Post
from yuanqing.org.post.policies import Coming

EXAM_LENGTH = "induction.questions"


def pack() -> Pack:
    return current("education")


def items() -> list[Any]:
    """The items the pack asks for, in order."""
    return sorted(pack().table("induction_item"), key=lambda entry: entry.order or 0)


def questions() -> dict[str, Any]:
    return {entry.code: entry for entry in pack().table("induction_question")}


def options(question: Any) -> list[tuple[str, str]]:
    return [(key, text) for key, text in question.values.items() if key != "right"]


def parameter(code: str) -> int:
    return int(pack().entry(code).value)


@dataclass(frozen=True)
class Scope:
    """适用岗位: ranks, and whether key posts, that nobody takes up without induction."""

    ranks: tuple[str, ...]
    key_posts: bool

    def covers(self, post: Post) -> bool:
        return post.rank in self.ranks or (self.key_posts and post.is_key)


def scope(edition: Pack) -> Scope:
    entry = edition.entry("induction.posts")
    return Scope(tuple(entry.values.get("ranks", "").split()), entry.values.get("key_posts") == "yes")


def label_of(code: str) -> str:
    entry = pack().by_code.get(code)
    return str(entry.label) if entry else code


def missing(found: Sequence[InductionItem]) -> list[str]:
    """What is required and not done yet, in words."""
    return [label_of(item.code) for item in found if item.is_required and item.done_at is None]


def obstacles(coming: Sequence[Coming]) -> dict[Coming, str]:
    """Why these appointments cannot take effect yet; two statements, whatever their number.

    Appointments that began before the pack came into force are history and are not judged by it.
    """
    try:
        edition = pack()
    except NotInForce:
        return {}
    with as_system():  # whoever appoints is told what is missing, also where the education itself is not shown
        return _obstacles(coming, edition)


def _obstacles(coming: Sequence[Coming], edition: Pack) -> dict[Coming, str]:
    judged = [one for one in coming if one.starts_on >= edition.effective_from]
    posts = Post.objects.in_bulk({one.post_id for one in judged})
    covered = scope(edition)
    asked = [one for one in judged if one.post_id in posts and covered.covers(posts[one.post_id])]
    if not asked:
        return {}
    standing = Induction.objects.filter(
        post__in={one.post_id for one in asked}, person__in={one.person_id for one in asked}, state__in=STANDING
    ).prefetch_related("items")
    known = {(i.post_id, i.person_id): i for i in standing}
    return {
        one: sentence
        for one in asked
        if (sentence := _sentence(posts[one.post_id], known.get((one.post_id, one.person_id))))
    }


def _sentence(post: Post, induction: Induction | None) -> str:
    if induction is None:
        return _("“%(post)s”须先完成任前廉洁教育，还没有为这个人准备。") % {"post": post}
    if induction.state in CLEARED:
        return ""
    words = {"post": post, "items": _("、").join(missing(list(induction.items.all())))}
    if induction.state == "exception_asked":
        return _("“%(post)s”的任前廉洁教育没有完成（还差%(items)s），例外还没有经第二人同意。") % words
    return _("“%(post)s”的任前廉洁教育没有完成，还差%(items)s。") % words
