"""Who may do what with tours: the team prepares, those who look after an actor ask for it, everyone reads what is published."""

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor, ActorMember
from maillage.tours.enums import CANDIDATES, MOVABLE, NEXT, PLANNABLE, RequestState, SeasonState
from maillage.tours.models import HostRequest, Season, Stop


def may_work(viewer: Viewer) -> Answer:
    """The working pages of the tours."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_edit(viewer: Viewer, season: Season) -> Answer:
    if viewer.network_id != season.network_id:
        return Denied(_("Cette saison appartient à un autre réseau."))
    if not (answer := may_work(viewer)):
        return answer
    done = season.state in (SeasonState.OVER, SeasonState.CANCELLED)
    return Denied(_("Cette saison est finie : elle ne change plus."), status=409) if done else Allowed()


def may_change_calendar(viewer: Viewer, season: Season) -> Answer:
    """Its dates, its copy, its base: what stops stand on."""
    if not (answer := may_edit(viewer, season)):
        return answer
    if season.state == SeasonState.PUBLISHED:
        return Denied(_("La tournée est publiée : déplacez ses haltes une à une."), status=409)
    return Allowed()


def may_become(viewer: Viewer, season: Season, state: str) -> Answer:
    if not (answer := may_edit(viewer, season)):
        return answer
    if state not in NEXT[season.state]:
        return Denied(_("Cette saison ne peut pas passer à cet état maintenant."), status=409)
    if state == SeasonState.DRAFT and season.requests.exists():
        return Denied(_("Des structures ont déjà demandé un passage : la saison reste ouverte."), status=409)
    if state == SeasonState.PUBLISHED and not season.stops.exists():
        return Denied(_("La tournée n'a aucune halte."), status=422)
    return Allowed()


def may_plan(viewer: Viewer, season: Season) -> Answer:
    if not (answer := may_edit(viewer, season)):
        return answer
    if season.state not in PLANNABLE:
        return Denied(_("La tournée se calcule tant que la saison est ouverte, avant sa publication."), status=409)
    if not season.requests.candidates().exists():
        return Denied(_("Aucune demande n'est encore jugée faisable."), status=422)
    return Allowed()


def may_move(viewer: Viewer, season: Season) -> Answer:
    if not (answer := may_edit(viewer, season)):
        return answer
    return allow_if(season.state in MOVABLE, _("Ouvrez d'abord la saison."))


def may_ask(viewer: Viewer, season: Season) -> Answer:
    """Those who look after an actor, while the season takes requests; the team at any time before the end, for a host."""
    if viewer.network_id != season.network_id:
        return Denied(_("Cette saison appartient à un autre réseau."))
    if viewer.runs_network and season.state in MOVABLE:
        return Allowed()
    if not viewer.is_authenticated:
        return Denied(_("Connectez-vous pour demander un passage."))
    if not season.is_open:
        return Denied(_("Cette saison ne prend pas de demandes en ce moment."), status=409)
    if not ActorMember.objects.filter(user=viewer.user_id).exists():
        return Denied(
            _("Les demandes viennent des structures : rattachez d'abord votre compte à une fiche de l'annuaire.")
        )
    return Allowed()


def may_ask_for(viewer: Viewer, season: Season, actor: Actor) -> Answer:
    if not (answer := may_ask(viewer, season)):
        return answer
    own = viewer.runs_network or ActorMember.objects.filter(user=viewer.user_id, actor=actor).exists()
    return allow_if(own, _("Vous ne vous occupez pas de cette structure."))


def may_judge(viewer: Viewer, request: HostRequest) -> Answer:
    if not (answer := may_edit(viewer, request.season)):
        return answer
    if request.state == RequestState.WITHDRAWN:
        return Denied(_("Cette demande a été retirée."), status=409)
    if request.state == RequestState.SERVED:
        return Denied(_("Cette demande est dans la tournée : retirez d'abord sa halte."), status=409)
    return Allowed()


def may_withdraw(viewer: Viewer, request: HostRequest) -> Answer:
    own = viewer.is_authenticated and HostRequest.objects.visible_to(viewer).filter(pk=request.pk).exists()
    if not own:
        return Denied(_("Cette demande n'est pas celle de votre structure."))
    if Stop.objects.filter(request=request, last_on__lt=timezone.localdate()).exists():
        return Denied(_("La halte a eu lieu : elle reste dans la tournée."), status=409)
    live = request.state in (RequestState.ASKED, *CANDIDATES)
    over = request.season.state in (SeasonState.OVER, SeasonState.CANCELLED)
    return allow_if(live and not over, _("Cette demande n'est plus en cours."))
