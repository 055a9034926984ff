"""What searches look in: a full-text table on SQLite, an index over the tokens on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE fairlink_organisation_search "
    "USING fts5(tokens, tokenize='unicode61 remove_diacritics 0')"
)
POSTGRESQL = (
    "CREATE INDEX fairlink_organisation_search ON fairlink_organisation "
    "USING gin (to_tsvector('simple', tokens))"
)


def make(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def unmake(apps: Any, schema_editor: Any) -> None:
    kind = "TABLE" if schema_editor.connection.vendor == "sqlite" else "INDEX"
    schema_editor.execute(f"DROP {kind} fairlink_organisation_search")


class Migration(migrations.Migration):
    dependencies = (("fairlink", "0001_initial"),)
    operations = (migrations.RunPython(make, unmake),)
