"""Some people work in the hall, and nowhere else."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fairlink', '0013_timetables'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalmembership',
            name='role',
            field=models.CharField(choices=[('organiser', 'organiser'), ('exhibitor', 'exhibitor'), ('visitor', 'visitor'), ('reviewer', 'reviewer'), ('analyst', 'analyst'), ('hall', 'hall')], max_length=16),
        ),
        migrations.AlterField(
            model_name='invitation',
            name='role',
            field=models.CharField(choices=[('organiser', 'organiser'), ('exhibitor', 'exhibitor'), ('visitor', 'visitor'), ('reviewer', 'reviewer'), ('analyst', 'analyst'), ('hall', 'hall')], max_length=16),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('partners', 'partners'), ('meetings', 'meetings'), ('figures', 'figures'), ('import', 'import'), ('repeat', 'repeat'), ('welcome', 'welcome'), ('announce', 'announce')], max_length=16),
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('organiser', 'organiser'), ('exhibitor', 'exhibitor'), ('visitor', 'visitor'), ('reviewer', 'reviewer'), ('analyst', 'analyst'), ('hall', 'hall')], max_length=16),
        ),
    ]
