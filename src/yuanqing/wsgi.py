"""The WSGI entry point that the web server loads."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuanqing.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """What the first readers would wait for otherwise: templates read, figures compiled to SQL."""
    from django.conf import settings
    from django.template.loader import get_template

    from yuanqing.kernel import collector
    from yuanqing.kernel.figures import prepare
    from yuanqing.kernel.figures.evaluation import engine

    folder = settings.SOURCE / "templates"
    for path in sorted(folder.rglob("*.html")):
        get_template(str(path.relative_to(folder)))
    prepare()
    with engine():
        pass
    collector.settle()


def _import_addresses() -> None:
    """The first request needs them anyhow; imported here, no two threads import the same modules at once."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 reading imports them


_import_addresses()
Thread(target=warm_up, name="warm-up", daemon=True).start()
