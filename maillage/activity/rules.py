"""Who reads the journal and minds the background jobs."""

from django.utils.translation import gettext as _

from maillage.core.models import Job
from maillage.core.permissions import Answer, allow_if
from maillage.core.viewer import Viewer


def may_read_journal(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.runs_network, _("Le journal se lit par les personnes qui animent ou administrent le réseau.")
    )


def may_see_jobs(viewer: Viewer) -> Answer:
    return allow_if(
        viewer.is_network_admin, _("Les tâches de fond se suivent par les personnes qui administrent le réseau.")
    )


def may_manage_job(viewer: Viewer, job: Job) -> Answer:
    """Those of one's network; all of them for the platform's administration."""
    own = viewer.network_id is not None and job.scope == f"network:{viewer.network_id}"
    return allow_if(
        viewer.is_platform_admin or (viewer.is_network_admin and own), _("Cette tâche n'est pas de votre réseau.")
    )


def may_see_trace(viewer: Viewer) -> Answer:
    """The trace of an error may hold data of any network: for the platform's administration alone."""
    return allow_if(viewer.is_platform_admin, _("Le détail technique est réservé à l'administration de la plateforme."))
