"""Who interprets, and which meetings they sit in."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0015_unplaced_parts'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='voice',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='HistoricalInterpreter',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField(default=dict)),
                ('languages', models.JSONField(default=list)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('closed', models.JSONField(default=list)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical interpreter',
                'verbose_name_plural': 'historical interpreters',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Interpreter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField(default=dict)),
                ('languages', models.JSONField(default=list)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('closed', models.JSONField(default=list)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interpreters', to='fairlink.edition')),
            ],
            options={
                'ordering': ('code',),
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='interpreter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='fairlink.interpreter'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('run', 'slot', 'interpreter', 'voice'), name='one_interpreter'),
        ),
        migrations.AddConstraint(
            model_name='interpreter',
            constraint=models.UniqueConstraint(fields=('edition', 'code'), name='interpreter_code'),
        ),
    ]
