"""Those who would fit, and why they are not on a list."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0010_welcome'),
    ]

    operations = [
        migrations.CreateModel(
            name='PassedOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gain', models.PositiveSmallIntegerField()),
                ('partner_gain', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(choices=[('one_sided', 'one_sided'), ('better_elsewhere', 'better_elsewhere'), ('crowded', 'crowded')], max_length=16)),
                ('lists', models.PositiveIntegerField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passed_over', to='fairlink.organisation')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fairlink.organisation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passed_over', to='fairlink.run')),
            ],
            options={
                'ordering': ('-gain', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('run', 'organisation', 'partner'), name='passed_over_once')],
            },
        ),
    ]
