"""A line may be refused for who would write it, which is no error of the file."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0002_one_target_of_actors'),
    ]

    operations = [
        migrations.AlterField(
            model_name='line',
            name='verdict',
            field=models.CharField(choices=[('create', 'à créer'), ('update', 'à mettre à jour'), ('identical', 'identique'), ('lookalike', 'ressemble à'), ('error', 'en erreur'), ('barred', 'refusée')], max_length=10),
        ),
    ]
