"""What every test shares: where the sample expo lies; and for the site its settings and compiled translations."""

import importlib.util
import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "first-expo"
os.environ.setdefault("FAIRLINK_ENCODER", "none")  # tests that want one say so

if importlib.util.find_spec("django"):  # the library's own environment has none
    from fairlink_site.catalogues import compile_catalogues

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
    os.environ.setdefault("FAIRLINK_HOME", tempfile.mkdtemp(prefix="fairlink-test-"))
    compile_catalogues()
    import django

    django.setup()


@pytest.fixture(scope="session")
def sample():
    """The folder of the sample expo."""
    return SAMPLE
