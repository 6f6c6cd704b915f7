from django.db import migrations, models
from django.utils import timezone


def ask_for_a_rebuild(apps, schema_editor):
    """The worker gives each document its days: searches go on meanwhile."""
    jobs = apps.get_model("core", "Job").objects
    asked = jobs.filter(unique_key="search:days", status__in=["waiting", "running"])
    if apps.get_model("search", "Document").objects.exists() and not asked.exists():
        jobs.create(
            task="maillage.search.actions.rebuild_with_days", unique_key="search:days", run_at=timezone.now()
        )


class Migration(migrations.Migration):
    """Columns that may be empty: SQLite adds them to the table as it is, which keeps its triggers."""

    dependencies = [
        ("core", "0002_submission"),
        ("search", "0003_narrow_match"),
    ]

    operations = [
        migrations.AddField(
            model_name="document", name="ends_on", field=models.DateField(blank=True, null=True, verbose_name="dernier jour utile")
        ),
        migrations.AddField(
            model_name="document", name="since", field=models.DateField(blank=True, null=True, verbose_name="depuis")
        ),
        migrations.RunPython(ask_for_a_rebuild, migrations.RunPython.noop),
    ]
