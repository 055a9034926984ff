"""Rules of an edition on how lists are chosen."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0007_repeat'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='copies_as_one',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='exposure_cap',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='edition',
            name='floor',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='weight_least_developed',
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name='edition',
            name='weight_small',
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='copies_as_one',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='exposure_cap',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='floor',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='weight_least_developed',
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='weight_small',
            field=models.PositiveSmallIntegerField(default=100),
        ),
    ]
