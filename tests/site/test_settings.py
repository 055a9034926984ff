"""Settings for a real server are what Django itself calls safe."""

import os
import subprocess
import sys


def test_the_settings_for_a_public_address_pass_every_check_of_deployment(tmp_path):
    environment = os.environ | {
        "FAIRLINK_HOME": str(tmp_path),
        "FAIRLINK_SECRET_KEY": "k9" * 40 + "!?abcdefgh",
        "FAIRLINK_HOSTS": "expo.example.org",
        "FAIRLINK_HTTPS": "yes",
    }
    command = [sys.executable, "-m", "fairlink_site.command", "check", "--deploy", "--fail-level", "WARNING"]

    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")
