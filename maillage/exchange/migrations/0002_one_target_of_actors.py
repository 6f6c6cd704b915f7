"""Bulk changes of actors are undone by the target that imports have."""

from django.db import migrations


def gather(apps, schema_editor):
    apps.get_model("exchange", "Batch").objects.filter(target="actors_bulk").update(target="actors")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [migrations.RunPython(gather, migrations.RunPython.noop)]
