"""What makers of goods usually buy, as an organiser knows it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0008_knobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='purchases',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='historicaledition',
            name='purchases',
            field=models.JSONField(default=list),
        ),
    ]
