"""Where the demonstration does not go: beside a real network, or where its known accounts would be dangerous."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from maillage.accounts.models import User
from maillage.core.operations.prepare import prepare
from maillage.networks.models import Network
from tests.factories.directory import make_commune, make_term

pytestmark = pytest.mark.django_db


def test_a_database_that_holds_a_real_network_refuses_it(settings, tmp_path):
    Network.objects.create(name="Réseau de Bretagne", slug="bretagne", host="bretagne.test")
    with pytest.raises(CommandError, match=r"porte un vrai réseau.*Réseau de Bretagne.*run.py start"):
        call_command("demo")
    make_commune()
    make_term()
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="vrai réseau"):
        prepare(lambda line: None)
    assert (Network.objects.count(), User.objects.count()) == (1, 0)


def test_without_the_mode_of_demonstration_its_known_accounts_are_refused(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="MAILLAGE_DEMO=oui"):
        call_command("demo")
    assert not User.objects.exists()
