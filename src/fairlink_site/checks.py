"""What is still missing for a real server: `fairlink-site check --deploy` says it, with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register  # noqa: A004  Django's name
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from fairlink_site.passwords import is_list

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security, deploy=True)
def environment(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """What the environment does not say yet."""
    return [*_address(), *_letters(), *_accounts()]


@register(Tags.security, deploy=True)
def store(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Whether the database and the files are prepared. Asks the database, so only ever when called."""
    return [*_database(), *_files()]


def _address() -> Iterator[CheckMessage]:
    if not settings.SECRET_KEY_GIVEN:
        yield Warning(
            _("FAIRLINK_SECRET_KEY is not set; a key made by the site itself is used."),
            hint=_("Set a long random text, always the same, and keep it apart from the data."),
            id="fairlink.W001",
        )
    if LOOPBACK.issuperset(settings.ALLOWED_HOSTS):
        yield Warning(
            _("The site answers to names of this machine only."),
            hint=_("Set FAIRLINK_HOSTS to the names under which people reach it, separated by commas."),
            id="fairlink.W002",
        )
    if not settings.HTTPS:
        yield Warning(
            _("The site does not ask for TLS: passwords and cookies can be read on the way."),
            hint=_("Put a proxy with TLS in front and set FAIRLINK_HTTPS to yes."),
            id="fairlink.W003",
        )
    if settings.BEHIND_PROXY and not settings.HTTPS:
        yield Warning(
            _("FAIRLINK_BEHIND_PROXY is set without FAIRLINK_HTTPS."),
            hint=_("Set FAIRLINK_HTTPS to yes if the proxy ends TLS; otherwise leave both alone."),
            id="fairlink.W004",
        )


def _letters() -> Iterator[CheckMessage]:
    if not settings.EMAIL_HOST:
        yield Warning(
            _("Letters are written to files: nobody can confirm an address or be invited."),
            hint=_("Set FAIRLINK_SMTP_HOST to the server that sends letters."),
            id="fairlink.W005",
        )
    elif parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] in ("", "localhost"):
        yield Warning(
            _("Letters have no sender that other servers accept."),
            hint=_("Set FAIRLINK_FROM to an address of your own."),
            id="fairlink.W006",
        )


def _accounts() -> Iterator[CheckMessage]:
    if settings.BREACHED and not is_list(settings.BREACHED):
        yield Warning(
            _("The list of breached passwords is missing, unreadable or no such list; none is looked up."),
            hint=_("Let FAIRLINK_BREACHED name a file of lines SHA1:count ordered by hash."),
            id="fairlink.W007",
        )
    asked = {
        "FAIRLINK_OIDC_SERVER": settings.OIDC_SERVER,
        "FAIRLINK_OIDC_CLIENT": settings.OIDC_CLIENT,
        "FAIRLINK_OIDC_SECRET": settings.OIDC_SECRET,
    }
    missing = [name for name, value in asked.items() if not value]
    if missing and (len(missing) < len(asked) or settings.OIDC_NAME):
        yield Warning(
            _("Sign-in with an organisation's account is half configured and not offered."),
            hint=_("Set also: %(names)s.") % {"names": ", ".join(missing)},
            id="fairlink.W008",
        )
    if settings.OIDC_SERVER and not settings.OIDC_SERVER.startswith("https://"):
        yield Warning(
            _("The provider of accounts is not asked by TLS: anybody on the way can sign in as anybody."),
            hint=_("FAIRLINK_OIDC_SERVER begins with https://."),
            id="fairlink.W009",
        )


def _database() -> Iterator[CheckMessage]:
    if connection.vendor == "sqlite":
        yield Info(
            _("The database is SQLite: right for one machine with one process that serves the site."),
            hint=_("For more, name a PostgreSQL database in FAIRLINK_DATABASE."),
            id="fairlink.I001",
        )
    try:
        prepared = _prepared()
    except (DatabaseError, OSError) as error:
        yield Warning(
            _("The database cannot be reached: %(error)s") % {"error": str(error).strip()},
            hint=_("See FAIRLINK_DATABASE, and whether the server of the database runs."),
            id="fairlink.W010",
        )
        return
    if not prepared:
        yield Warning(
            _("The tables of the database are missing or older than this version."),
            hint=_("Run fairlink-site migrate and fairlink-site createcachetable."),
            id="fairlink.W011",
        )


def _prepared() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    return settings.CACHES["default"]["LOCATION"] in connection.introspection.table_names()


def _files() -> Iterator[CheckMessage]:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield Warning(
            _("The files of the pages are not collected: no page can be shown."),
            hint=_("Run fairlink-site collectstatic --noinput."),
            id="fairlink.W012",
        )
