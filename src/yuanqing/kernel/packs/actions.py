"""Publishing a pack: each edition once, and never changed afterwards."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, act
from yuanqing.kernel.packs.fingerprint import fingerprint
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.published import forget
from yuanqing.kernel.packs.schema import Pack, as_data


def publish(pack: Pack, *, by: Any) -> PackVersion:
    """The published edition. Publishing the same content again gives the existing one; other content is refused."""
    known: PackVersion | None = PackVersion.objects.filter(name=pack.name, edition=pack.version).first()
    if known is None:
        published: PackVersion = _publish(pack, by=by)
        return published
    if known.fingerprint != fingerprint(pack):
        raise Conflict(
            _("“%(title)s”%(edition)s 已经发布，内容与这一份不同。已发布的版本不能改动，请换一个版本号。")
            % {"title": known.title, "edition": known.edition}
        )
    return known


@acts.after(PackVersion, "publish")
def _newer_edition(touched: acts.Touched) -> None:
    forget()


@act(PackVersion, creates=True, step="publish", label=gettext_lazy("发布规则包"))
def _publish(pack: Pack, *, by: Any) -> PackVersion:
    print_of = fingerprint(pack)
    acts.note(pack=pack.cite, fingerprint=print_of)
    return PackVersion(
        name=pack.name,
        title=pack.title,
        kind=pack.kind,
        edition=pack.version,
        effective_from=pack.effective_from,
        published_at=timezone.now(),
        fingerprint=print_of,
        content=as_data(pack),
    )
