"""Registration, validation, history, jobs and imports. What was there before had been let in: it is validated."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def carry_over(apps, schema_editor):
    models = {name: apps.get_model("fairlink", name) for name in ("Edition", "Organisation", "Listing")}
    models["Edition"].objects.update(phase="published", groups=["LDC"])
    models["Organisation"].objects.update(status="validated")
    models["Listing"].objects.update(status="validated")
    certificate = apps.get_model("fairlink", "Certificate")
    certificate.objects.bulk_create(
        certificate(organisation=one, name=name[:120])
        for one in models["Organisation"].objects.exclude(stated=[])
        for name in dict.fromkeys(one.stated)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0002_search'),
    ]

    operations = [
        migrations.RenameField("organisation", "certificates", "stated"),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('issuer', models.CharField(blank=True, max_length=120)),
                ('number', models.CharField(blank=True, max_length=64)),
                ('expires', models.DateField(null=True)),
                ('evidence', models.CharField(choices=[('stated', 'stated'), ('document', 'document'), ('verified', 'verified')], default='stated', max_length=16)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('terms', 'terms'), ('contact', 'contact')], max_length=16)),
                ('version', models.CharField(max_length=16)),
                ('language', models.CharField(max_length=16)),
                ('given', models.DateTimeField(auto_now_add=True)),
                ('withdrawn', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-given', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalCertificate',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('issuer', models.CharField(blank=True, max_length=120)),
                ('number', models.CharField(blank=True, max_length=64)),
                ('expires', models.DateField(null=True)),
                ('evidence', models.CharField(choices=[('stated', 'stated'), ('document', 'document'), ('verified', 'verified')], default='stated', max_length=16)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical certificate',
                'verbose_name_plural': 'historical certificates',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalChain',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField()),
                ('position', models.PositiveSmallIntegerField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical chain',
                'verbose_name_plural': 'historical chains',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEdition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('slug', models.SlugField(max_length=64)),
                ('name', models.JSONField()),
                ('host_country', models.CharField(max_length=2)),
                ('city', models.JSONField(default=dict)),
                ('time_zone', models.CharField(max_length=64)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('languages', models.JSONField()),
                ('currency', models.CharField(max_length=3)),
                ('second_currency', models.CharField(blank=True, max_length=3)),
                ('rate', models.DecimalField(decimal_places=10, max_digits=26, null=True)),
                ('rate_date', models.DateField(null=True)),
                ('sample', models.BooleanField(default=False)),
                ('note', models.JSONField(default=dict)),
                ('list_length', models.PositiveSmallIntegerField()),
                ('win_win', models.PositiveSmallIntegerField()),
                ('meeting_cap', models.PositiveSmallIntegerField()),
                ('daily_cap', models.PositiveSmallIntegerField()),
                ('longest_run', models.PositiveSmallIntegerField()),
                ('objective', models.CharField(choices=[('fair', 'fair'), ('efficient', 'efficient')], max_length=16)),
                ('rates', models.JSONField(default=list)),
                ('phase', models.CharField(choices=[('draft', 'draft'), ('registration', 'registration'), ('matching', 'matching'), ('published', 'published'), ('running', 'running'), ('closed', 'closed')], default='draft', max_length=16)),
                ('groups', models.JSONField(default=list)),
                ('developing', models.JSONField(default=list)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical edition',
                'verbose_name_plural': 'historical editions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalListing',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('side', models.CharField(choices=[('offer', 'offer'), ('need', 'need')], max_length=5)),
                ('code', models.CharField(max_length=64)),
                ('function', models.CharField(choices=[('trade', 'trade'), ('investment', 'investment'), ('innovation', 'innovation'), ('learning', 'learning')], max_length=16)),
                ('title', models.JSONField()),
                ('summary', models.JSONField(default=dict)),
                ('description', models.JSONField(default=dict)),
                ('codes', models.JSONField(default=list)),
                ('quantity', models.CharField(blank=True, max_length=120)),
                ('price', models.CharField(blank=True, max_length=120)),
                ('markets', models.JSONField(default=list)),
                ('certificates', models.JSONField(default=list)),
                ('kinds', models.JSONField(default=list)),
                ('sizes', models.JSONField(default=list)),
                ('incoterms', models.JSONField(default=list)),
                ('partnerships', models.JSONField(default=list)),
                ('keywords', models.JSONField(default=list)),
                ('valid_until', models.DateField(null=True)),
                ('advantages', models.JSONField(default=dict)),
                ('expertise', models.JSONField(default=dict)),
                ('development', models.CharField(blank=True, choices=[('concept', 'concept'), ('in_development', 'in_development'), ('lab_tested', 'lab_tested'), ('demonstrable', 'demonstrable'), ('on_market', 'on_market')], max_length=16)),
                ('rights', models.CharField(blank=True, choices=[('none_applied', 'none_applied'), ('secret', 'secret'), ('applied', 'applied'), ('granted', 'granted')], max_length=16)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('changes', 'changes'), ('refused', 'refused'), ('validated', 'validated')], default='draft', max_length=16)),
                ('submitted', models.DateTimeField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical listing',
                'verbose_name_plural': 'historical listings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMembership',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('organiser', 'organiser'), ('exhibitor', 'exhibitor'), ('visitor', 'visitor'), ('reviewer', 'reviewer'), ('analyst', 'analyst')], max_length=16)),
                ('signatory', models.BooleanField(default=False)),
                ('contact', models.BooleanField(default=False)),
                ('since', models.DateTimeField(blank=True, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical membership',
                'verbose_name_plural': 'historical memberships',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalNode',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField()),
                ('stage', models.CharField(choices=[('upstream', 'upstream'), ('midstream', 'midstream'), ('downstream', 'downstream'), ('service', 'service')], max_length=16)),
                ('codes', models.JSONField(default=list)),
                ('essential', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical node',
                'verbose_name_plural': 'historical nodes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalNode_feeds',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'HistoricalNode_feeds',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOrganisation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField()),
                ('kind', models.CharField(choices=[('enterprise', 'enterprise'), ('university', 'university'), ('institute', 'institute'), ('association', 'association'), ('agency', 'agency'), ('financier', 'financier'), ('international', 'international')], max_length=16)),
                ('size', models.CharField(blank=True, choices=[('micro', 'micro'), ('small', 'small'), ('medium', 'medium'), ('large', 'large')], max_length=16)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('exhibitor', 'exhibitor'), ('co_exhibitor', 'co_exhibitor'), ('buyer', 'buyer'), ('visitor', 'visitor')], max_length=16)),
                ('languages', models.JSONField(default=list)),
                ('markets', models.JSONField(default=list)),
                ('delegates', models.PositiveSmallIntegerField(default=1)),
                ('meeting_cap', models.PositiveSmallIntegerField(null=True)),
                ('online', models.BooleanField(default=False)),
                ('closed', models.JSONField(default=list)),
                ('website', models.CharField(blank=True, max_length=300)),
                ('description', models.JSONField(default=dict)),
                ('lei', models.CharField(blank=True, max_length=20)),
                ('registration', models.CharField(blank=True, max_length=40)),
                ('delegation', models.CharField(blank=True, max_length=120)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('changes', 'changes'), ('refused', 'refused'), ('validated', 'validated')], default='draft', max_length=16)),
                ('submitted', models.DateTimeField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical organisation',
                'verbose_name_plural': 'historical organisations',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOrganisation_nodes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'HistoricalOrganisation_nodes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalPlace',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('name', models.JSONField(default=dict)),
                ('kind', models.CharField(choices=[('booth', 'booth'), ('table', 'table'), ('room', 'room'), ('online', 'online')], max_length=16)),
                ('hall', models.CharField(blank=True, max_length=64)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('closed', models.JSONField(default=list)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical place',
                'verbose_name_plural': 'historical places',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSlot',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('start', models.TimeField()),
                ('end', models.TimeField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical slot',
                'verbose_name_plural': 'historical slots',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=32)),
                ('file', models.CharField(max_length=200)),
                ('sheet', models.CharField(blank=True, max_length=64)),
                ('head', models.PositiveIntegerField(default=0)),
                ('rows', models.JSONField()),
                ('lines', models.JSONField()),
                ('mapping', models.JSONField(default=list)),
                ('constants', models.JSONField(default=dict)),
                ('left_out', models.JSONField(default=list)),
                ('status', models.CharField(choices=[('validated', 'validated'), ('submitted', 'submitted')], default='validated', max_length=16)),
                ('state', models.CharField(choices=[('mapping', 'mapping'), ('checked', 'checked'), ('done', 'done')], default='mapping', max_length=8)),
                ('made', models.DateTimeField(auto_now_add=True)),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partners', 'partners'), ('meetings', 'meetings'), ('figures', 'figures'), ('import', 'import')], max_length=16)),
                ('subject', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('working', 'working'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=8)),
                ('stage', models.CharField(blank=True, max_length=32)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('made', models.DateTimeField(auto_now_add=True)),
                ('started', models.DateTimeField(null=True)),
                ('beat', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=32)),
                ('heading', models.CharField(max_length=256)),
                ('meaning', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('validated', 'validated'), ('changes', 'changes'), ('refused', 'refused')], max_length=16)),
                ('scores', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=2000)),
                ('made', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('-made', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='edition',
            name='developing',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='edition',
            name='groups',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='edition',
            name='phase',
            field=models.CharField(choices=[('draft', 'draft'), ('registration', 'registration'), ('matching', 'matching'), ('published', 'published'), ('running', 'running'), ('closed', 'closed')], default='draft', max_length=16),
        ),
        migrations.AddField(
            model_name='edition',
            name='predecessor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='listing',
            name='advantages',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='listing',
            name='description',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='listing',
            name='development',
            field=models.CharField(blank=True, choices=[('concept', 'concept'), ('in_development', 'in_development'), ('lab_tested', 'lab_tested'), ('demonstrable', 'demonstrable'), ('on_market', 'on_market')], max_length=16),
        ),
        migrations.AddField(
            model_name='listing',
            name='expertise',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='listing',
            name='keywords',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='listing',
            name='partnerships',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='listing',
            name='price',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='listing',
            name='rights',
            field=models.CharField(blank=True, choices=[('none_applied', 'none_applied'), ('secret', 'secret'), ('applied', 'applied'), ('granted', 'granted')], max_length=16),
        ),
        migrations.AddField(
            model_name='listing',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('changes', 'changes'), ('refused', 'refused'), ('validated', 'validated')], default='draft', max_length=16),
        ),
        migrations.AddField(
            model_name='listing',
            name='submitted',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='valid_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='contact',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='organisation',
            name='delegation',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='organisation',
            name='lei',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='organisation',
            name='predecessor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='registration',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='organisation',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('changes', 'changes'), ('refused', 'refused'), ('validated', 'validated')], default='draft', max_length=16),
        ),
        migrations.AddField(
            model_name='organisation',
            name='submitted',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='opener',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['edition', 'status'], name='listing_status'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['edition', 'status'], name='organisation_status'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='consent',
            name='edition',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='consent',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcertificate',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcertificate',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalchain',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalchain',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='predecessor',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicallisting',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicallisting',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicallisting',
            name='node',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.node'),
        ),
        migrations.AddField(
            model_name='historicallisting',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalmembership',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalnode',
            name='chain',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.chain'),
        ),
        migrations.AddField(
            model_name='historicalnode',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalnode',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalnode_feeds',
            name='from_node',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.node'),
        ),
        migrations.AddField(
            model_name='historicalnode_feeds',
            name='history',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='fairlink.historicalnode'),
        ),
        migrations.AddField(
            model_name='historicalnode_feeds',
            name='to_node',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.node'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='main',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalorganisation',
            name='predecessor',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalorganisation_nodes',
            name='history',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='fairlink.historicalorganisation'),
        ),
        migrations.AddField(
            model_name='historicalorganisation_nodes',
            name='node',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.node'),
        ),
        migrations.AddField(
            model_name='historicalorganisation_nodes',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalplace',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalplace',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalplace',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalslot',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalslot',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='import',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='import',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='job',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='job',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='mapping',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mappings', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='review',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='review',
            name='listing',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='fairlink.listing'),
        ),
        migrations.AddField(
            model_name='review',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='fairlink.organisation'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='certificate_once'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('edition', 'kind', 'subject'), name='one_waiting_job', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='mapping',
            constraint=models.UniqueConstraint(fields=('edition', 'table', 'heading'), name='heading_once'),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
