"""A matching can be repeated, and compared with what came out before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0006_wishes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('partners', 'partners'), ('meetings', 'meetings'), ('figures', 'figures'), ('import', 'import'), ('repeat', 'repeat')], max_length=16),
        ),
    ]
