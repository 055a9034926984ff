"""What became of wishes, what was written with them, and the rules of an edition about them."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0005_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalWish',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('must', 'must'), ('want', 'want'), ('welcome', 'welcome'), ('never', 'never')], max_length=16)),
                ('answer', models.CharField(blank=True, choices=[('pending', 'pending'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('withdrawn', 'withdrawn')], max_length=16)),
                ('sent', models.DateTimeField(null=True)),
                ('due', models.DateTimeField(null=True)),
                ('answered', models.DateTimeField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical wish',
                'verbose_name_plural': 'historical wishs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='WishMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reply', models.BooleanField(default=False)),
                ('text', models.CharField(max_length=600)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.AlterModelOptions(
            name='wish',
            options={'ordering': ('-sent', '-pk')},
        ),
        migrations.AddField(
            model_name='edition',
            name='meet',
            field=models.CharField(choices=[('wishes_first', 'wishes_first'), ('wishes_only', 'wishes_only')], default='wishes_first', max_length=16),
        ),
        migrations.AddField(
            model_name='edition',
            name='wish_cap',
            field=models.PositiveSmallIntegerField(default=20),
        ),
        migrations.AddField(
            model_name='edition',
            name='wish_days',
            field=models.PositiveSmallIntegerField(default=7),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='meet',
            field=models.CharField(choices=[('wishes_first', 'wishes_first'), ('wishes_only', 'wishes_only')], default='wishes_first', max_length=16),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='wish_cap',
            field=models.PositiveSmallIntegerField(default=20),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='wish_days',
            field=models.PositiveSmallIntegerField(default=7),
        ),
        migrations.AddField(
            model_name='wish',
            name='answer',
            field=models.CharField(blank=True, choices=[('pending', 'pending'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'expired'), ('withdrawn', 'withdrawn')], max_length=16),
        ),
        migrations.AddField(
            model_name='wish',
            name='answered',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wish',
            name='due',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wish',
            name='sent',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='wish',
            name='warned',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='wish',
            index=models.Index(fields=['answer', 'due'], name='wish_due'),
        ),
        migrations.AddIndex(
            model_name='wish',
            index=models.Index(fields=['partner', 'answer'], name='wish_in'),
        ),
        migrations.AddField(
            model_name='historicalwish',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.edition'),
        ),
        migrations.AddField(
            model_name='historicalwish',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalwish',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='historicalwish',
            name='partner',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fairlink.organisation'),
        ),
        migrations.AddField(
            model_name='wishmessage',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wish_messages', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='wishmessage',
            name='wish',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='fairlink.wish'),
        ),
        migrations.AddConstraint(
            model_name='wishmessage',
            constraint=models.UniqueConstraint(fields=('wish', 'reply'), name='one_message_a_side'),
        ),
    ]
