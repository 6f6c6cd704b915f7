"""Who may do what with the radio: the team of the network, all of it; the public listens."""

from django.utils.translation import gettext as _

from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.richtext import as_text
from maillage.core.viewer import Viewer
from maillage.radio.enums import NEXT, EpisodeState
from maillage.radio.models import Episode, Show
from maillage.radio.registry import TRANSCRIPT


def may_work(viewer: Viewer) -> Answer:
    """The working pages of the radio."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_edit_show(viewer: Viewer, show: Show) -> Answer:
    if viewer.network_id != show.network_id:
        return Denied(_("Cette émission appartient à un autre réseau."))
    return may_work(viewer)


def may_edit(viewer: Viewer, episode: Episode) -> Answer:
    if viewer.network_id != episode.network_id:
        return Denied(_("Cet épisode appartient à un autre réseau."))
    return may_work(viewer)


def may_compose(viewer: Viewer, episode: Episode) -> Answer:
    """Change what it is made of; of what went on air, who is spoken of may still be put right."""
    if not (answer := may_edit(viewer, episode)):
        return answer
    if episode.state == EpisodeState.CANCELLED:
        return Denied(_("Cet épisode est annulé : reprenez sa préparation pour le changer."), status=409)
    return Allowed()


def may_delete(viewer: Viewer, episode: Episode) -> Answer:
    """What nobody ever heard."""
    if not (answer := may_edit(viewer, episode)):
        return answer
    never = episode.on_air_at is None and episode.state in (EpisodeState.DRAFT, EpisodeState.CANCELLED)
    return allow_if(never, _("Ce qui est passé à l'antenne ne se supprime pas : retirez-le du site."))


def may_become(viewer: Viewer, episode: Episode, state: str) -> Answer:
    """Whether it may go to that state now; the sentence says what it lacks."""
    if not (answer := may_edit(viewer, episode)):
        return answer
    if state not in NEXT[episode.state]:
        return Denied(_("Cet épisode ne peut pas passer à cet état maintenant."), status=409)
    if state == EpisodeState.READY and episode.state == EpisodeState.DRAFT and not episode.items.exists():
        return Denied(_("Composez d'abord le conducteur : il est vide."), status=422)
    if state == EpisodeState.PUBLISHED:
        return _may_be_published(episode)
    return Allowed()


def _may_be_published(episode: Episode) -> Answer:
    if not episode.audio:
        return Denied(_("Déposez d'abord le fichier audio."), status=422)
    if not (episode.summary or as_text(episode.notes)):
        return Denied(_("Écrivez d'abord de quoi parle l'épisode, en deux phrases."), status=422)
    if episode.network.setting(TRANSCRIPT.name) and not episode.transcript.strip():
        return Denied(
            _("Ajoutez d'abord la transcription : les personnes qui n'entendent pas doivent pouvoir le lire (RGAA)."),
            status=422,
        )
    return Allowed()
