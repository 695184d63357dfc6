"""The programmatic interface: one router a noun, mounted at /api/<duty>/<noun>/, described at /api/openapi.json."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import django_auth

from yuanqing.kernel.acts import Refused
from yuanqing.kernel.duty import noun_modules

api = NinjaAPI(title="源清 Yuanqing", version="1", auth=django_auth, urls_namespace="api", docs_url="docs/")


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """409: the act is not open; `detail` is the sentence that the page would show."""
    return api.create_response(request, {"detail": str(error)}, status=409)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: field → sentences."""
    detail: Any = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """404: absent and forbidden look the same."""
    return api.create_response(request, {"detail": "Not Found"}, status=404)


for module in noun_modules("api"):
    duty, noun = module.__name__.split(".")[1:3]
    api.add_router(f"/{duty}/{noun.replace('_', '-')}/", module.router, tags=[f"{duty}/{noun}"])
