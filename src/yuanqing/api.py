"""The programmatic interface: one router a noun, mounted at /api/<duty>/<noun>/, described at /api/openapi.json."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, django_auth
from ninja.throttling import SimpleRateThrottle

from yuanqing.kernel.acts import Refused
from yuanqing.kernel.duty import noun_modules
from yuanqing.shell.reply.actions import HEADER

# Two thousand schemas; each is completed when it is first used. All at once they are a third of what a start takes.
Schema.model_config["defer_build"] = True
WRITES = ("post", "put", "patch", "delete")
FAULT = {"type": "object", "title": "Fault", "properties": {"detail": {"description": "A sentence, or field → sentences"}}, "required": ["detail"]}  # fmt: skip
FAULTS = {
    "400": "The body cannot be read",
    "401": "No valid token and no session",
    "403": "A session without its CSRF token",
    "404": "Absent, or outside the account's rights; both look the same",
    "409": "The act is not open now, or somebody else was first",
    "422": "A value is not acceptable",
    "429": "Too many requests; Retry-After says when to come again",
}
KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key with the same content is done once, within a day",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
}


class Token(HttpBearer):
    """A token of an account, which the middleware has looked up already."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "bearer", None)


class PerAccount(SimpleRateThrottle):
    """So many requests a minute for an account, in each process."""

    scope = "account"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        return f"api-{request.user.pk}"


class Interface(NinjaAPI):
    """The description says of every operation what it may answer. It takes seconds to write, so each process writes it once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._written: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        place = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if place not in self._written:
            schema = super().get_openapi_schema(path_prefix=place)
            schema["components"].setdefault("schemas", {})["Fault"] = FAULT
            for operations in schema["paths"].values():
                for method, operation in operations.items():
                    _complete(method, operation)
            self._written[place] = schema
        return self._written[place]


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses = {str(status): response for status, response in operation["responses"].items()}
    for status, meaning in FAULTS.items():
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
        responses.setdefault(status, {"description": meaning, "content": content})
    operation["responses"] = dict(sorted(responses.items()))
    if method in WRITES:
        operation.setdefault("parameters", []).append(KEY)


api = Interface(
    title="源清 Yuanqing",
    version="1",
    auth=[Token(), django_auth],
    throttle=[PerAccount("1200/m")],
    urls_namespace="api",
    docs_url="docs/",
)


def _take_back() -> None:
    """An answer that refuses leaves nothing half-written: the view's own transaction ends here, not in an exception."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """409: the act is not open; `detail` is the sentence that the page would show."""
    _take_back()
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: field → sentences."""
    _take_back()
    detail: Any = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(DataError)
def out_of_range(request: HttpRequest, error: DataError) -> HttpResponse:
    """422: a number or text that the database cannot hold; which one is not told by it in words for people."""
    _take_back()
    return api.create_response(request, {"detail": {"": [_("有的值超出了能保存的范围。")]}}, status=422)


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """404: absent and forbidden look the same."""
    return api.create_response(request, {"detail": "Not Found"}, status=404)


for module in noun_modules("api"):
    duty, noun = module.__name__.split(".")[1:3]
    api.add_router(f"/{duty}/{noun.replace('_', '-')}/", module.router, tags=[f"{duty}/{noun}"])
