from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Replace

KINDS = {"article": ["article", "portrait"], "announcement": ["announcement"], "dossier": ["dossier"]}


def tell_apart(apps, schema_editor):
    """What was found as a publication is found as an article, an announcement or a dossier. No stem is in a scope, nor any other
    word of letters: the kind alone is replaced, and the triggers of the index follow."""
    found = apps.get_model("search", "Document").objects.filter(kind="publication")
    rows = apps.get_model("publications", "Publication").objects.order_by()
    for kind, held in KINDS.items():
        of = rows.filter(kind__in=held).values("pk")
        found.filter(object_id__in=of).update(
            kind=kind, scope=Replace("scope", Value("publication"), Value(kind))
        )
    found.delete()  # Of nothing any more.


def put_together(apps, schema_editor):
    for kind in KINDS:
        apps.get_model("search", "Document").objects.filter(kind=kind).update(
            kind="publication", scope=Replace("scope", Value(kind), Value("publication"))
        )


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0003_words_of_comments_leave_cases"),
        ("search", "0003_narrow_match"),
    ]

    operations = [migrations.RunPython(tell_apart, put_together)]
