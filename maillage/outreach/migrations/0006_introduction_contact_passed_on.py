"""When each side had the contact of the other: those introduced before had it by e-mail, the day they met."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def tell_the_past(apps, schema_editor):
    side, introduction = (apps.get_model("outreach", name) for name in ("IntroductionSide", "Introduction"))
    met = introduction.objects.filter(pk=OuterRef("introduction"))
    side.objects.filter(introduction__state="met").update(contact_at=Subquery(met.values("met_at")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0005_approaches'),
    ]

    operations = [
        migrations.AddField(
            model_name='introductionside',
            name='contact_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(tell_the_past, migrations.RunPython.noop),
    ]
