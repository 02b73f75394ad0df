"""The addresses of published maps."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import published_maps

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/peta-terbit/", published_maps.published_maps, name="published_maps"),
    path("<slug:institution>/peta-terbit/terbitkan/", published_maps.map_publish, name="map_publish"),
    path("<slug:institution>/peta-terbit/<key:pk>/", published_maps.published_map, name="published_map"),
    path("<slug:institution>/peta-terbit/<key:pk>/tarik/", published_maps.map_withdraw, name="map_withdraw"),
]
