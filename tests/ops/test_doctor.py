"""doctor: each fault is found, and a sound instance is told so."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.core.models import Job
from maillage.core.operations import doctor
from maillage.core.operations.state import heartbeat
from maillage.core.operations.supervise import code_stamp
from maillage.networks.models import Network

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def sound(settings, tmp_path, monkeypatch):
    """An instance in good health: every test spoils one thing."""
    monkeypatch.setenv("MAILLAGE_VAR", str(tmp_path))
    monkeypatch.setenv("MAILLAGE_MAIL_URL", "smtp://localhost:25")
    settings.VAR = tmp_path
    settings.DEMO = settings.DEBUG = False
    settings.HTTPS = settings.TRUST_PROXY = True
    settings.BIND = "127.0.0.1"
    settings.DEFAULT_FROM_EMAIL = "bonjour@exemple.fr"
    (tmp_path / ".prepared").write_text(code_stamp())
    (tmp_path / "last_backup.json").write_text(json.dumps({"at": timezone.now().isoformat(), "file": "x"}))
    Network.objects.create(name="A", slug="a", host="a.exemple.fr", sender_email="a@exemple.fr")
    heartbeat()
    return settings


def found():
    return [finding.what for finding in doctor.examine()]


def test_a_sound_instance_has_nothing_to_correct(capsys):
    said = []
    assert found() == []
    assert doctor.report(doctor.examine(), said.append) is True
    assert said == ["✔ Rien à signaler."]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("DEBUG", True, "Les pages d'erreur détaillées"),
        ("DEFAULT_FROM_EMAIL", "maillage@localhost", "L'expéditeur par défaut"),
        ("TRUST_PROXY", False, "HTTPS est annoncé"),
        ("BIND", "0.0.0.0", "X-Forwarded-For est cru"),
        ("SECRET_KEY", "court", "MAILLAGE_SECRET_KEY est trop courte"),
    ],
)
def test_a_dangerous_setting_is_found(sound, name, value, what):
    setattr(sound, name, value)
    assert [text[: len(what)] for text in found()] == [what]


def test_a_public_site_without_https_is_found(sound):
    sound.HTTPS, sound.EXTRA_HOSTS = False, ["reseau.exemple.fr"]
    assert [text[:30] for text in found()] == ["Le site est ouvert à d'autres "]


def test_public_demonstration_accounts_are_found(sound):
    sound.DEMO, sound.EXTRA_HOSTS = True, ["reseau.exemple.fr"]
    assert found() == ["Les comptes de démonstration sont ouverts à d'autres machines."]


def test_a_readable_secret_key_is_found(sound):
    sound.SECRET_KEY_GIVEN = False
    key = sound.VAR / "secret_key"
    key.write_text("x" * 60)
    key.chmod(0o644)
    assert found() == [f"{key} est lisible par d'autres comptes."]


def test_the_absence_of_a_mail_server_is_found(monkeypatch):
    monkeypatch.delenv("MAILLAGE_MAIL_URL")
    assert [text[:27] for text in found()] == ["Aucun serveur de courrier :"]


def test_networks_that_nobody_can_reach_are_found():
    Network.objects.create(name="B", slug="b", sender_email="b@exemple.fr")
    assert found() == ["Plusieurs réseaux, mais sans nom d'hôte : B. Personne ne peut les atteindre."]


def test_a_queue_that_nobody_reads_is_found():
    Job.objects.create(task="t", run_at=timezone.now() - timedelta(hours=1))
    assert [text[:37] for text in found()] == ["Le processus des tâches de fond ne do"]


def test_an_old_backup_is_found(sound):
    old = (timezone.now() - timedelta(days=9)).isoformat()
    (sound.VAR / "last_backup.json").write_text(json.dumps({"at": old}))
    assert found() == ["La dernière sauvegarde a 9 jours."]


def test_code_that_was_not_prepared_is_found(sound):
    (sound.VAR / ".prepared").write_text("autre")
    assert found() == ["Le code ou la base ont changé depuis la dernière préparation."]


def test_the_verb_fails_on_a_serious_finding_and_says_a_wrong_setting_in_words(instance):
    assert "à corriger" in instance.run("doctor", expect=1)
    assert "MAILLAGE_PORT vaut 'abc' : un nombre entier est attendu" in instance.run(
        "doctor", expect=1, MAILLAGE_PORT="abc"
    )


def test_a_demonstration_that_doctor_is_not_told_of_is_no_change(sound):
    (sound.VAR / ".prepared").write_text(code_stamp().split(" ")[0] + " autre")
    assert found() == []
