"""The set-up of a network, and the networks of the instance."""

from maillage.networks.models import ConsortiumMember
from tests.access.accounts import ADMINS, DONE
from tests.access.table import LOGIN, line

PLATFORM = {"anonymous": LOGIN, "platform_admin": 200, "others": 403}


def prepare(world):
    world.association = ConsortiumMember.objects.create(network=world.network, name="Association d'essai")


def association(world):
    return {"pk": world.association.pk}


LINES = [
    line("networks:settings", **ADMINS),
    line("networks:logo", anonymous=LOGIN, network_admin=405, platform_admin=405, others=403),
    line("networks:logo", method="post", data={"remove": "1"}, **DONE),
    line("networks:values", **ADMINS),
    line("networks:perimeter", **ADMINS),
    line("networks:legal_text_list", **ADMINS),
    line("networks:legal_text", args={"kind": "notice"}, elsewhere=200, **ADMINS),
    line("networks:vocabulary_list", **ADMINS),
    line("networks:vocabulary", args={"vocabulary": "theme"}, elsewhere=200, **ADMINS),
    line("networks:consortium", **ADMINS),
    line("networks:consortium_create", **ADMINS),
    line("networks:consortium_update", args=association, **ADMINS),
    line("networks:consortium_remove", args=association, method="post", **DONE),
    line("networks:network_list", **PLATFORM),
    line("networks:network_update", args=lambda world: {"pk": world.network.pk}, elsewhere=403, **PLATFORM),
]
