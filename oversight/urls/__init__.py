"""The addresses of this app."""

from oversight.urls import cases, findings, reperformance, trail

urlpatterns = [*trail.urlpatterns, *cases.urlpatterns, *reperformance.urlpatterns, *findings.urlpatterns]
