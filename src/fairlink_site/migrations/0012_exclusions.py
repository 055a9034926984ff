"""Pairs of organisations that the organiser keeps apart."""

import django.db.models.deletion
import django.db.models.functions.comparison
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0011_passed_over'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalExclusion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation')),
                ('partner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation')),
            ],
            options={
                'verbose_name': 'historical exclusion',
                'verbose_name_plural': 'historical exclusions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='fairlink.edition')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions_out', to='fairlink.organisation')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions_in', to='fairlink.organisation')),
            ],
            options={
                'ordering': ('organisation__code', 'partner__code'),
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Least('organisation', 'partner'), django.db.models.functions.comparison.Greatest('organisation', 'partner'), name='apart_once')],
            },
        ),
    ]
