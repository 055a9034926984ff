"""What a web server calls."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

from fairlink.calibration import of_ngrams
from fairlink.meetings.warming import warm
from fairlink_site.catalogues import compile_catalogues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
compile_catalogues()


def _make_ready() -> None:
    """Nobody's request waits for the loops of timetable and texts to be read from disk, or even compiled; nor for the
    collector, which would look at all that is there by then again and again, for 100 ms in the midst of a page."""
    warm()
    of_ngrams()
    gc.collect()
    gc.freeze()


threading.Thread(target=_make_ready, name="warm", daemon=True).start()

application = get_wsgi_application()
