"""Points by which first meetings count for more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0016_interpreters'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='first_meetings_bonus',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='first_meetings_bonus',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
