"""What networks share: for the teams of both, unknown to any other."""

from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.sharing.actions import accept, propose
from maillage.sharing.registry import kind_named
from tests.access.directory_work import TEAM
from tests.access.moderation import DECIDES
from tests.access.table import line
from tests.factories.agenda import make_event
from tests.factories.directory import make_network

_RUNS = ("animator", "network_admin", "platform_admin")


def prepare(world):
    """A third network proposes an event, and had another one taken."""
    third = make_network("Réseau C", host="c.exemple.test")
    team, here = Viewer.as_system(third, "accès"), Network.objects.get(pk=world.network.pk)
    kind = kind_named("evenement")
    waiting, taken = (
        propose(by=team, kind=kind, content=make_event(third, title), to=[here])[0]
        for title in ("Événement d'ailleurs", "Événement d'ailleurs, accueilli")
    )
    world.share_waiting = waiting
    world.share_taken = accept(by=Viewer.as_system(here, "accès"), share=taken)
    world.shared_event = make_event(world.network, "Événement d'ici")


def share(name):
    return lambda world: {"pk": getattr(world, name).pk}


def content(world):
    return {"kind": "evenement", "pk": world.shared_event.pk}


LINES = [
    line("sharing:share_list", **TEAM),
    line("sharing:share_show", args=share("share_waiting"), **TEAM, elsewhere=404),
    line("sharing:share_answer", args=share("share_waiting"), method="post", data={"reponse": "accueillir"}, **DECIDES),
    line("sharing:share_withdraw", args=share("share_taken"), method="post", data={"reason": "Trop loin."}, **DECIDES),
    line("sharing:share_withdraw", args=share("share_waiting"), method="post", **DECIDES | dict.fromkeys(_RUNS, 409)),
    line("sharing:share_content", args=content, **TEAM, elsewhere=404),
]
