"""Groups of wishes of which only some are held."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0017_first_meetings'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalwish',
            name='choose',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='historicalwish',
            name='group',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='wish',
            name='choose',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='wish',
            name='group',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
