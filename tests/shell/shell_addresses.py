"""The shell alone, without the duties."""

from yuanqing.shell import pages

urlpatterns = pages.urlpatterns
handler400 = "yuanqing.shell.errors.bad_request"
handler403 = handler404 = "yuanqing.shell.errors.not_found"
