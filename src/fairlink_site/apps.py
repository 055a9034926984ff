"""The site as one Django app; its folders are plain Python."""

from django.apps import AppConfig


class FairlinkSite(AppConfig):
    name = "fairlink_site"
    label = "fairlink"
    verbose_name = "Fairlink"

    def ready(self) -> None:
        from fairlink_site import checks  # noqa: F401  registers them
