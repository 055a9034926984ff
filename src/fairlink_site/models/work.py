"""Work that takes longer than a page: jobs with their progress, and files on their way in."""

from __future__ import annotations

from django.db import models

from fairlink_site.models.choices import choices
from fairlink_site.models.editions import Edition
from fairlink_site.models.people import Person


class Job(models.Model):
    """Something that a worker does, and how far it is. The row outlives whatever worker takes it up."""

    KINDS = ("partners", "meetings", "figures", "import", "repeat", "welcome", "announce")
    STATES = ("waiting", "working", "done", "failed")
    OPEN = ("waiting", "working")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=16, choices=choices(KINDS))
    subject = models.BigIntegerField(null=True)  # key of the row that it is about, where there is one
    state = models.CharField(max_length=8, choices=choices(STATES), default=STATES[0])
    stage = models.CharField(max_length=32, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    made = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    started = models.DateTimeField(null=True)
    # Last sign of life. Without one for a while its worker is gone, and the job is given to another.
    beat = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)  # of a failure: a code
    standing = models.JSONField(default=dict)  # of a timetable being made: how good it is by now
    stop = models.BooleanField(default=False)  # somebody asks it to end with what it has

    class Meta:
        ordering = ("-made", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "kind", "subject"),
                condition=models.Q(state="waiting"),
                name="one_waiting_job",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Import(models.Model):
    """A file that an organiser brought: its cells, what its columns mean, and what became of it."""

    STATES = ("mapping", "checked", "done")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="imports")
    table = models.CharField(max_length=32)
    file = models.CharField(max_length=200)
    sheet = models.CharField(max_length=64, blank=True)
    head = models.PositiveIntegerField(default=0)  # row of the headings, from 0
    rows = models.JSONField()  # every cell as a text
    lines = models.JSONField()  # where each row stands in the file
    mapping = models.JSONField(default=list)  # for each column what it means: name, name:language, or ""
    constants = models.JSONField(default=dict)  # column → what every row says there
    left_out = models.JSONField(default=list)  # rows that shall not come in
    status = models.CharField(max_length=16, choices=choices(("validated", "submitted")), default="validated")
    state = models.CharField(max_length=8, choices=choices(STATES), default=STATES[0])
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    made = models.DateTimeField(auto_now_add=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-made", "-pk")

    def __str__(self) -> str:
        return f"{self.table} {self.file}"


class Mapping(models.Model):
    """What the columns of such files meant last time."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mappings")
    table = models.CharField(max_length=32)
    heading = models.CharField(max_length=256)
    meaning = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("edition", "table", "heading"), name="heading_once"),)

    def __str__(self) -> str:
        return f"{self.heading} → {self.meaning}"
