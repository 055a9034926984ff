"""Everything the site keeps as one file, and back again; the same file for either database.

A zip of one JSON-lines file for each table, and a manifest with the count and the SHA-256 of each.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from fairlink import VERSION
from fairlink_site.actions.records import index
from fairlink_site.models import Edition
from fairlink_site.refusals import Refused

# Made anew by the schema itself, or worth nothing elsewhere: whoever was signed in signs in again.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session", "usersessions.usersession"}
MANIFEST = "manifest.json"
_BATCH = 500


def back_up(path: Path) -> dict[str, int]:
    """Write everything to a file, all of one moment; returns the rows of each table."""
    manifest: dict[str, Any] = {"fairlink": VERSION, "migrations": _migrations(), "tables": {}}
    beside = path.with_name(f".{path.name}.part")
    first = not connection.in_atomic_block
    with transaction.atomic(), zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as file:
        if first and connection.vendor == "postgresql":  # one moment for all tables; SQLite has it anyway
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in _models():
            digest, count = hashlib.sha256(), 0
            with file.open(f"{model._meta.label_lower}.jsonl", "w", force_zip64=True) as table:
                for line in _lines(model):
                    table.write(line)
                    digest.update(line)
                    count += 1
            manifest["tables"][model._meta.label_lower] = {"rows": count, "sha256": digest.hexdigest()}
        file.writestr(MANIFEST, json.dumps(manifest, indent=1))
    beside.replace(path)
    return {name: table["rows"] for name, table in manifest["tables"].items()}


def restore(path: Path, *, replace: bool = False) -> dict[str, int]:
    """Read everything back, all or nothing; returns the rows of each table.

    Raises Refused: not_a_backup, damaged_backup, other_schema, not_empty (unless `replace`).
    """
    with _opened(path) as file:
        manifest = _checked(file)
        if manifest["migrations"] != _migrations():
            raise Refused("other_schema")
        with transaction.atomic():
            if not replace and any(model._base_manager.exists() for model in _models()):
                raise Refused("not_empty")
            for model in reversed(_models()):
                model._base_manager.all()._raw_delete(connection.alias)
            for model in _models():
                _fill(model, file)
            connection.check_constraints()
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
                    cursor.execute(statement)
            for edition in Edition.objects.all():
                index(list(edition.organisations.only("tokens")))
    return {name: table["rows"] for name, table in manifest["tables"].items()}


class _Encoder(DjangoJSONEncoder):
    """Django's, but it keeps every microsecond."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label_lower not in LEFT_OUT
    ]


def _migrations() -> list[str]:
    """What the schema is made of."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    names = [field.attname for field in _columns(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000)
    for row in rows:
        yield json.dumps(row, cls=_Encoder, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _columns(model: type[models.Model]) -> list[Any]:
    """Those that are written; what the database makes of them it makes again."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        file = zipfile.ZipFile(path)
        file.getinfo(MANIFEST)
    except (OSError, zipfile.BadZipFile, KeyError):
        raise Refused("not_a_backup") from None
    return file


def _checked(file: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once every byte of every table is what it says; refused otherwise."""
    try:
        manifest: dict[str, Any] = json.loads(file.read(MANIFEST))
        for model in _models():
            name = model._meta.label_lower
            digest = hashlib.sha256()
            with file.open(f"{name}.jsonl") as table:
                while part := table.read(2**20):
                    digest.update(part)
            if digest.hexdigest() != manifest["tables"][name]["sha256"]:
                raise Refused("damaged_backup")
    except (ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        raise Refused("damaged_backup") from None
    return manifest


def _fill(model: type[models.Model], file: zipfile.ZipFile) -> None:
    """Put a table's rows back as they were, times and keys included."""
    fields = _columns(model)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    with file.open(f"{model._meta.label_lower}.jsonl") as lines, connection.cursor() as cursor:
        while batch := list(islice(lines, _BATCH)):
            cursor.executemany(statement, [_row(fields, json.loads(line)) for line in batch])


def _row(fields: Any, values: list[Any]) -> list[Any]:
    return [
        field.get_db_prep_save(field.to_python(value) if value is not None else None, connection)
        for field, value in zip(fields, values, strict=True)
    ]
