"""`fairlink-site worker`: does what pages ask for in the background, until it is stopped."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_q.models import Schedule

from fairlink_site.actions.work import rescue

EVERY_MINUTE = {
    "rescue": "fairlink_site.actions.work.rescue",
    "letters": "fairlink_site.actions.work.deliver_letters",
    "wishes": "fairlink_site.actions.wishes.expire",
    "agendas": "fairlink_site.actions.meetings.evening.tell_agendas",
}


class Command(BaseCommand):
    help = "Do matching, timetables, imports and letters as pages ask for them."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, task in EVERY_MINUTE.items():
            Schedule.objects.update_or_create(
                name=name, defaults={"func": task, "schedule_type": Schedule.MINUTES, "minutes": 1}
            )
        Schedule.objects.update_or_create(
            name="tidy",
            defaults={"func": "fairlink_site.actions.retention.tidy", "schedule_type": Schedule.DAILY},
        )
        rescue()
        call_command("qcluster")
