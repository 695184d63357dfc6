from django.http import HttpRequest, HttpResponse
from django.urls import path


def detail(request: HttpRequest, pk: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("<str:month>/", detail, name="detail"), path("card/<uuid:pk>/", detail, name="card")]
