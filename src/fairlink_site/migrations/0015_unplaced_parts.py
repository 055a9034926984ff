"""Parts of why a meeting has no time as columns, so that they are counted quickly."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

TEXT = models.CharField(max_length=64, null=True)
RULE = KeyTextTransform("0", "reason")
CHANGE = KeyTextTransform("0", "remedy")
KIND = KeyTextTransform("kind", KeyTextTransform("1", "remedy"))
AT = KeyTextTransform("slot", KeyTextTransform("1", "remedy"))


class Migration(migrations.Migration):
    dependencies = [("fairlink", "0014_hall")]

    operations = [
        *(
            migrations.AddField(
                "unplacedmeeting",
                name,
                models.GeneratedField(expression=part, output_field=TEXT, db_persist=True),
            )
            for name, part in (("rule", RULE), ("change", CHANGE), ("kind", KIND), ("at", AT))
        ),
        migrations.AddIndex(
            "unplacedmeeting",
            models.Index(fields=["run", "rule", "change", "kind", "at"], name="unplaced_why"),
        ),
    ]
