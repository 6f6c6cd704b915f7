import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def keep_titles_of_stubs(apps, schema_editor):
    resources = apps.get_model("catalogue", "Resource")
    resources.objects.filter(state="retired", stub_title="").update(stub_title=F("title"))


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_editors_accept")]

    operations = [
        migrations.AddField("fileversion", "withdrawn_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "fileversion",
            "withdrawal",
            models.CharField(blank=True, max_length=200, default="", verbose_name="pourquoi elle est retirée"),
            preserve_default=False,
        ),
        migrations.AddField("resource", "reason_waits", models.BooleanField(default=False, editable=False)),
        migrations.AddField(
            "resource",
            "stub_title",
            models.CharField(blank=True, editable=False, max_length=140, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "resource", "website_checked_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "resource", "website_failing_since", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField("resource", "website_told_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AlterField(
            "use",
            "resource",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="uses",
                to="catalogue.resource",
                verbose_name="ressource",
            ),
        ),
        migrations.RunPython(keep_titles_of_stubs, migrations.RunPython.noop),
    ]
