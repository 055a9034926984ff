"""Timetables are published, and what happens to them afterwards is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import functions


def number_chairs(apps, schema_editor):
    """Meetings held at one place at one time sit on different chairs; the timetable people see was published."""
    Meeting = apps.get_model("fairlink", "Meeting")
    before = (
        Meeting.objects.filter(
            run=models.OuterRef("run"),
            slot=models.OuterRef("slot"),
            place=models.OuterRef("place"),
            pk__lt=models.OuterRef("pk"),
        )
        .order_by()
        .values("place")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    Meeting.objects.update(chair=functions.Coalesce(models.Subquery(before), 0))
    Run = apps.get_model("fairlink", "Run")
    Run.objects.filter(kind="meetings", current=True).update(published=models.F("made"))


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0012_exclusions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SignUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delegate', models.PositiveSmallIntegerField()),
                ('made', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('activity__day', 'activity__start', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='TimetableEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('published', 'published'), ('locked', 'locked'), ('unlocked', 'unlocked'), ('booked', 'booked'), ('moved', 'moved'), ('cancelled', 'cancelled'), ('delegate', 'delegate'), ('arrived', 'arrived'), ('no_show', 'no_show'), ('late', 'late'), ('place_closed', 'place_closed'), ('place_opened', 'place_opened'), ('repaired', 'repaired')], max_length=16)),
                ('made', models.DateTimeField(auto_now_add=True)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='seat',
            name='one_seat',
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='delegate',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='feed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='job',
            name='standing',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='job',
            name='stop',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='meeting',
            name='chair',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='meeting',
            name='origin',
            field=models.CharField(choices=[('timetable', 'timetable'), ('request', 'request'), ('hall', 'hall')], default='timetable', max_length=16),
        ),
        migrations.AddField(
            model_name='meeting',
            name='state',
            field=models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('missed', 'missed'), ('cancelled', 'cancelled')], default='planned', max_length=16),
        ),
        migrations.AddField(
            model_name='membership',
            name='delegate',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='feed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='membership',
            name='languages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='run',
            name='locked',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='run',
            name='published',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='absent',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seat',
            name='arrived',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='notes',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='seat',
            name='outcome',
            field=models.CharField(blank=True, choices=[('met', 'met'), ('absent', 'absent'), ('follow_up', 'follow_up'), ('agreement', 'agreement')], max_length=16),
        ),
        migrations.AddField(
            model_name='seat',
            name='released',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='seat',
            name='told',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='unplacedmeeting',
            name='gain_first',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='unplacedmeeting',
            name='gain_second',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='weight',
            field=models.PositiveIntegerField(),
        ),
        migrations.AlterField(
            model_name='unplacedmeeting',
            name='weight',
            field=models.PositiveIntegerField(),
        ),
        migrations.RunPython(number_chairs, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('run', 'slot', 'place', 'chair'), name='one_place'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('delegate__isnull', False)), fields=('organisation', 'delegate'), name='one_delegate'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('released', False)), fields=('run', 'slot', 'organisation', 'delegate'), name='one_seat'),
        ),
        migrations.AddField(
            model_name='arrival',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='arrival',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrivals', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='arrival',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrivals', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='signup',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ups', to='fairlink.activity'),
        ),
        migrations.AddField(
            model_name='signup',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signup',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ups', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='timetableevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='timetableevent',
            name='meeting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='fairlink.meeting'),
        ),
        migrations.AddField(
            model_name='timetableevent',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='timetable_events', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='timetableevent',
            name='place',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='fairlink.place'),
        ),
        migrations.AddField(
            model_name='timetableevent',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='fairlink.run'),
        ),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.UniqueConstraint(fields=('organisation', 'day'), name='arrived_once'),
        ),
        migrations.AddConstraint(
            model_name='signup',
            constraint=models.UniqueConstraint(fields=('activity', 'organisation', 'delegate'), name='signed_up_once'),
        ),
    ]
