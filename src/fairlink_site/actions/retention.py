"""Remove what is kept for a while only, once the while is over; asked for every day by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from fairlink_site.models import Import, Invitation, Job, Seat, WishMessage

# A file that was never brought in holds whatever somebody's list held.
FILES = timedelta(days=30)
JOBS = timedelta(days=90)
INVITATIONS = timedelta(days=90)  # after they have expired, or were taken up
MESSAGES = timedelta(days=180)  # with wishes, and notes on meetings, after the expo


@transaction.atomic
def tidy(now: datetime | None = None) -> dict[str, int]:
    """Remove unfinished imports, ended jobs, old invitations, messages and notes; returns how many of each."""
    now = now or timezone.now()
    old = {
        "imports": Import.objects.exclude(state="done").filter(made__lt=now - FILES),
        "jobs": Job.objects.filter(ended__lt=now - JOBS),
        "invitations": Invitation.objects.filter(expires__lt=now - INVITATIONS),
        "messages": WishMessage.objects.filter(wish__edition__end__lt=(now - MESSAGES).date()),
    }
    noted = Seat.objects.exclude(notes="").filter(run__edition__end__lt=(now - MESSAGES).date())
    return {name: rows.delete()[0] for name, rows in old.items()} | {"notes": noted.update(notes="")}
