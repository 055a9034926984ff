"""What a web server calls."""

import os
import threading

from django.core.wsgi import get_wsgi_application

from fairlink.meetings.warming import warm
from fairlink_site.catalogues import compile_catalogues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
compile_catalogues()

# Nobody's request waits for the loops of the timetable to be read from disk, or even compiled.
threading.Thread(target=warm, name="warm", daemon=True).start()

application = get_wsgi_application()
