"""What a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from fairlink_site.catalogues import compile_catalogues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
compile_catalogues()

application = get_wsgi_application()
