"""Notices, letters, and what each person wants of them."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0004_certificates_are_rows'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('path', models.CharField(max_length=300)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('read', models.DateTimeField(null=True)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='fairlink.edition')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.EmailField(max_length=254)),
                ('kind', models.CharField(max_length=32)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('subject', models.CharField(max_length=500)),
                ('body', models.TextField(blank=True)),
                ('secret', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('held', 'held'), ('sent', 'sent'), ('failed', 'failed')], default='waiting', max_length=8)),
                ('due', models.DateTimeField()),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed', models.DateTimeField(null=True)),
                ('sent', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='fairlink.edition')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL)),
                ('within', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to='fairlink.letter')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters', to='fairlink.notice')),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('letters', models.CharField(choices=[('at_once', 'at_once'), ('daily', 'daily'), ('never', 'never')], default='at_once', max_length=8)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_until', models.TimeField(null=True)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', '-made'], name='notice_inbox'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('read', None)), fields=['person'], name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', 'due'], name='letter_due'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['edition', '-made'], name='letter_outbox'),
        ),
    ]
