"""`fairlink-site`: Django's own commands and ours, with the settings of the site."""

from __future__ import annotations

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
    from django.core.management import execute_from_command_line

    from fairlink_site.catalogues import compile_catalogues

    compile_catalogues()
    execute_from_command_line(["fairlink-site", *sys.argv[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
