"""Every address of the portal: each app brings its own, this file only joins them."""

from django.urls import include, path

from eligibility.law_admin.register import SITE

urlpatterns = [
    path("", include("agencies.urls")),
    path("", include("eligibility.urls")),
    path("", include("oversight.urls")),
    path("admin/", SITE.urls),
    path("i18n/", include("django.conf.urls.i18n")),  # `set_language`
]

# 400.html, 403.html, 404.html and 500.html in templates/ are found by these views by name. The
# CSRF refusal has a page of its own by the same rule: 403_csrf.html.
handler400 = "django.views.defaults.bad_request"
handler403 = "django.views.defaults.permission_denied"
handler404 = "django.views.defaults.page_not_found"
handler500 = "django.views.defaults.server_error"
