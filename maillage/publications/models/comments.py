"""What readers with an account write under a publication."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.publications.enums import CommentState
from maillage.publications.models.publications import Publication


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, viewer: Viewer) -> "CommentQuerySet":
        """Those under what the viewer may read: the shown ones, one's own, all for the team."""
        here = self.filter(
            network=viewer.network_id, publication__in=Publication.objects.visible_to(viewer).values("pk")
        )
        if viewer.runs_network:
            return here
        shown = Q(state=CommentState.SHOWN)
        return here.filter(shown | Q(author=viewer.user_id)) if viewer.is_authenticated else here.filter(shown)


class Comment(models.Model):
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("écrit par")
    )
    text = models.TextField(_("commentaire"), max_length=3000)
    at = models.DateTimeField(_("écrit le"), default=timezone.now)
    state = models.CharField(_("état"), max_length=10, choices=CommentState.choices, default=CommentState.WAITING)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    code = models.CharField(_("motif"), max_length=20, blank=True)
    reason = models.CharField(_("explication"), max_length=500, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commentaire")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["publication", "state", "at"]),
            models.Index(fields=["network", "state", "at"]),
        ]

    def __str__(self) -> str:
        """Without its words, which go with it: this is kept in journals, notices and cases."""
        return gettext("Commentaire sous « %(title)s »") % {"title": self.publication.title}

    def get_absolute_url(self) -> str:
        """Where it is read, under what it comments."""
        return f"{self.publication.get_absolute_url()}#commentaire-{self.pk}"
