"""A kind of job: partners for one who came later."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0009_purchases'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('partners', 'partners'), ('meetings', 'meetings'), ('figures', 'figures'), ('import', 'import'), ('repeat', 'repeat'), ('welcome', 'welcome')], max_length=16),
        ),
    ]
