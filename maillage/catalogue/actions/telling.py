"""Who is told of what becomes of a resource: who wrote its sheet and the people of its actor, the team."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.catalogue.enums import RefusalReason
from maillage.catalogue.models import FIRST, Collection, Feedback, FileVersion, Resource, ResourceLink
from maillage.core.viewer import Viewer
from maillage.directory.actions.telling import tell_team


def work_url(resource: Resource) -> str:
    return reverse("catalogue:resource_work", args=[resource.pk])


def tell_reason(resource: Resource) -> None:
    tell_team(
        resource.network,
        title=_("Un motif attend votre relecture : « %(title)s » n'est plus proposée") % {"title": resource.title},
        text=_("Sa page le dira une fois que vous l'aurez lu."),
        path=work_url(resource),
        label=_("Lire le motif"),
    )


def people_of(resource: Resource) -> list[User]:
    """Who looks after the actor that offers it, and who wrote its sheet until everyone found it."""
    first = resource.published_at is None and resource.state in FIRST
    author = resource.author_id if first else None
    found = User.objects.filter(Q(pk=author) | Q(actor_memberships__actor=resource.actor_id))
    return list(found.filter(erased_at=None).distinct().order_by("pk"))


def tell_proposed(resource: Resource) -> None:
    tell_team(
        resource.network,
        title=_("Une ressource attend votre relecture : « %(title)s »") % {"title": resource.title},
        text=_("On la trouvera une fois publiée par l'équipe."),
        path=work_url(resource),
        label=_("Relire"),
    )


def _tell(resource: Resource, kind: str, *, event: str, title: str, but: int | None = None, **context: Any) -> None:
    """Its people, but who did it. `url` in the context is where the button leads."""
    url = context.pop("url", "") or work_url(resource)
    for person in people_of(resource):
        if person.pk != but:
            notify(
                kind,
                event=f"{resource.pk}:{event}",
                title=(title % {"title": resource.title})[:200],
                network=resource.network,
                to=person,
                url=url,
                context=context,
            )


def tell_published(resource: Resource, *, by: Viewer) -> None:
    _tell(
        resource, "resource_answer", but=by.user_id, event=f"published:{resource.decided_at}",
        title=_("C'est publié : « %(title)s »"), url=resource.get_absolute_url(),
        text=_("Votre ressource est dans le catalogue."), button_label=_("La voir"),
    )  # fmt: skip


def tell_refused(resource: Resource, *, by: Viewer) -> None:
    _tell(
        resource, "resource_answer", but=by.user_id, event=f"refused:{resource.decided_at}",
        title=_("Votre ressource n'est pas publiée : « %(title)s »"),
        text=_("Tout ce que vous avez écrit est gardé : corrigez, puis proposez de nouveau."),
        code=RefusalReason(resource.code).label, said=resource.reason, button_label=_("Corriger"),
    )  # fmt: skip


def tell_hidden(resource: Resource, *, by: Viewer) -> None:
    _tell(
        resource, "resource_answer", but=by.user_id, event=f"hidden:{resource.decided_at}",
        title=_("Votre ressource est retirée du site : « %(title)s »"),
        text=_("Écrivez à l'équipe d'animation pour la remettre."), said=resource.reason,
    )  # fmt: skip


def tell_broken(resource: Resource, links: list[ResourceLink], *, website: str = "") -> None:
    """Once for addresses that stopped answering: `told_at` is written by the caller."""
    said = [f"{link.title}\u00a0: {link.url}" for link in links] + [website] * bool(website)
    step = reverse("catalogue:resource_edit", args=[resource.pk])
    keys = ",".join([*(str(link.pk) for link in links), *(["site"] if website else [])])
    since = links[0].failing_since if links else resource.website_failing_since
    _tell(
        resource, "resource_link", event=f"links:{keys}:{since}",
        title=_("Un lien ne répond plus : « %(title)s »"),
        url=reverse("catalogue:resource_links", args=[resource.pk]) if links else step,
        text=_("Corrigez-le ou retirez-le : la page le montre comme indisponible."),
        said="\n".join(said), button_label=_("Corriger les liens"),
    )  # fmt: skip


def tell_refused_file(version: FileVersion) -> None:
    resource = version.document.resource
    _tell(
        resource, "resource_answer", event=f"file:{version.pk}",
        title=_("Un document n'est pas donné : « %(title)s »"),
        url=reverse("catalogue:resource_files", args=[resource.pk]),
        text=_("Le document « %(name)s » ne passe pas la vérification du site.") % {"name": version.name},
        said=version.refusal, button_label=_("Voir les documents"),
    )  # fmt: skip


def tell_feedback(feedback: Feedback) -> None:
    resource = feedback.use.resource
    _tell(
        resource, "resource_feedback", but=feedback.use.user_id, event=f"feedback:{feedback.pk}",
        title=_("Un avis sur « %(title)s »"), url=feedback.get_absolute_url(),
        text=_("Quelqu'un qui l'a utilisée a donné son avis. Vous pouvez lui répondre."), button_label=_("Lire l'avis"),
    )  # fmt: skip


def tell_answer(feedback: Feedback) -> None:
    use = feedback.use
    if use.user is not None and use.user.erased_at is None:
        notify(
            "resource_feedback",
            event=f"{feedback.pk}:answer:{feedback.answered_at}",
            title=(_("Une réponse à votre avis sur « %(title)s »") % {"title": use.resource.title})[:200],
            network=use.resource.network,
            to=use.user,
            url=feedback.get_absolute_url(),
        )


def tell_editor(collection: Collection, user: User, *, by: Viewer) -> None:
    notify(
        "collection_editor",
        event=f"{collection.pk}:{user.pk}",
        title=(_("On vous propose de composer la collection « %(title)s »") % {"title": collection.title})[:200],
        network=collection.network,
        to=user,
        url=reverse("catalogue:collection_edit", args=[collection.pk]),
    )
