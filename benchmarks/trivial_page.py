"""The portal's addresses and one more: a signed-in page that shows the frame of every page and nothing else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from wfa_portal.urls import urlpatterns as portal


@login_required
def trivial(request: HttpRequest) -> HttpResponse:
    """The frame alone."""
    return render(request, "base.html")


urlpatterns = [path("kosong/", trivial), *portal]
