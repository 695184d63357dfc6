"""Every address: the shell's pages at the root, each noun's under <duty>/<noun>/, the API under api/."""

from django.urls import URLPattern, URLResolver, include, path

from yuanqing.api import api
from yuanqing.kernel.duty import noun_modules
from yuanqing.shell import pages as shell_pages


def noun_urls() -> list[URLPattern | URLResolver]:
    """`discipline/monthly-return/…` named `monthly_return:…`, for every noun that has pages.

    What the shell itself offers stands at the root: `inbox/`, `search/`; the desk is the first page of all.
    """
    found: list[URLPattern | URLResolver] = []
    for module in noun_modules("pages"):
        duty, noun = module.__name__.split(".")[1:3]
        prefix = "" if noun == "worklist" else f"{noun}/" if duty == "shell" else f"{duty}/{noun.replace('_', '-')}/"
        prefix = "report/" if duty == "hotline" else prefix  # one address, whatever somebody does there
        found.append(path(prefix, include((module.urlpatterns, noun))))
    return found


urlpatterns = [*shell_pages.urlpatterns, *noun_urls(), path("api/", api.urls)]
handler400 = "yuanqing.shell.errors.bad_request"
handler403 = handler404 = "yuanqing.shell.errors.not_found"
