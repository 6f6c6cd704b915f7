"""Cases kept the first words of the comments that they are about, also once those were removed."""

from django.db import migrations


def forget_words(apps, schema_editor):
    apps.get_model("moderation", "Case").objects.filter(kind="commentaire").update(title="Commentaire")


class Migration(migrations.Migration):
    dependencies = [("publications", "0002_appeared"), ("moderation", "0001_initial")]
    operations = [migrations.RunPython(forget_words, migrations.RunPython.noop, elidable=True)]
