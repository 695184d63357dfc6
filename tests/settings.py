"""Settings of the tests: everything in a folder and a database of this process's own, nothing in var/."""

from __future__ import annotations

import os

from tests.server import PLACE, Server

# an outer process (pytest-xdist's controller) has already replaced the address by its own
os.environ.setdefault("TEST_SERVER_URL", os.environ.get("YUANQING_DATABASE_URL", ""))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver runs an event loop in the test's thread
SERVER = Server(os.environ["TEST_SERVER_URL"])
os.environ["YUANQING_HOME"] = str(PLACE / f"home-{os.getpid()}")
os.environ["YUANQING_DATABASE_URL"] = SERVER.url(SERVER.name())
os.environ["YUANQING_OWNER_URL"] = SERVER.url(SERVER.name(), "owner")
os.environ.pop("YUANQING_ROLE", None)

from yuanqing.kernel.database.scope import become_system  # noqa: E402

become_system()  # a test is nobody's request; the requests it makes are

from yuanqing.settings import *  # noqa: E402, F403
from yuanqing.settings import STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECOND_FACTOR_FORCED = False  # tests sign in by short cuts; those of signing in switch it on
PASSWORD_HASHERS = ["tests.hashing.Cheap"]
