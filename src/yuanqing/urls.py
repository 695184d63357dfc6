"""Every address: the shell's pages at the root, each noun's under <duty>/<noun>/, the API under api/."""

from django.urls import URLPattern, URLResolver, include, path

from yuanqing.api import api
from yuanqing.kernel.duty import noun_modules
from yuanqing.shell import pages as shell_pages


def noun_urls() -> list[URLPattern | URLResolver]:
    """`discipline/monthly-return/…` named `monthly_return:…`, for every noun that has pages.

    What the shell itself offers stands at the root: `inbox/`, `search/`; the desk is the first page of all.
    """
    found: dict[str, list[URLPattern | URLResolver]] = {}
    for module in noun_modules("pages"):
        duty, noun = module.__name__.split(".")[1:3]
        duty, place = {"shell": ("", noun), "hotline": ("", "report")}.get(duty, (duty, noun.replace("_", "-")))
        prefix = "" if noun == "worklist" else f"{place}/"
        found.setdefault(duty, []).append(path(prefix, include((module.urlpatterns, noun))))
    return [*found.pop(""), *(path(f"{duty}/", include(nouns)) for duty, nouns in found.items())]


# Whatever begins with one of these is looked for nowhere else: the interface first, which no page stands under.
urlpatterns = [path("api/", api.urls), *shell_pages.urlpatterns, *noun_urls()]
handler400 = "yuanqing.shell.errors.bad_request"
handler403 = handler404 = "yuanqing.shell.errors.not_found"
