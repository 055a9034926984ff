"""What an organisation stated of its certificates stands in rows of their own now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fairlink", "0003_registration")]
    operations = [migrations.RemoveField("organisation", "stated")]
