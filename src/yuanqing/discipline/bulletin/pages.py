from django.http import HttpRequest, HttpResponse
from django.urls import path


def detail(request: HttpRequest, pk: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("<uuid:pk>/", detail, name="detail")]
