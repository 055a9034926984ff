"""The site's tests again on a throw-away PostgreSQL server; without PostgreSQL it says so, and in CI it fails."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Tests of what is the same on every database: settings, files, and who may open which address.
WITHOUT_DATABASE = ("test_settings.py", "test_spreadsheets.py", "test_tenancy.py")


def main(arguments: list[str]) -> int:
    binaries = _binaries()
    if binaries is None:
        print("PostgreSQL is not installed here: the site was tested on SQLite only.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    with server(binaries) as address:
        environment = os.environ | {"FAIRLINK_DATABASE": address}
        command = [sys.executable, "-m", "pytest", "tests/site", "-q", "-m", "not browser"]
        command += [*(f"--ignore=tests/site/{name}" for name in WITHOUT_DATABASE), *arguments]
        return subprocess.run(command, env=environment, check=False).returncode


def _binaries() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    found = [on_path] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found[-1]).parent if found else None


@contextlib.contextmanager
def server(binaries: Path) -> Iterator[str]:
    """A server that listens on a socket in its own folder only; gives its address, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="fairlink-pg-") as folder:
        data = f"{folder}/data"
        as_owner = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

        def run(name: str, *words: str) -> None:
            subprocess.run([*as_owner, binaries / name, *words], check=True, capture_output=True, cwd=folder)

        run(
            "initdb",
            "-D",
            data,
            "-U",
            "fairlink",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "--no-sync",
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-l", f"{folder}/log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://fairlink@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
