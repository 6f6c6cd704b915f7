"""Who is told of what becomes of a text: those who sign it, the team, those whose signature is asked."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.core.viewer import Viewer
from maillage.directory.actions.telling import tell_team
from maillage.publications.enums import CreditState, RefusalReason, State
from maillage.publications.models import Comment, Credit, Publication, Version

_CREDIT_SALT = "maillage.publications.credit"


def work_url(publication: Publication) -> str:
    return reverse("publications:publication_work", args=[publication.pk])


def version_url(version: Version) -> str:
    return reverse("publications:version_show", args=[version.pk])


def tell_proposed(publication: Publication) -> None:
    tell_team(
        publication.network,
        title=_("Un texte attend votre relecture : « %(title)s »") % {"title": publication.title},
        text=_("Il paraîtra une fois publié par l'équipe."),
        path=work_url(publication),
        label=_("Relire"),
    )


def _answer(publication: Publication, *, by: Viewer, event: str, title: Any, url: str = "", **context: Any) -> None:
    """Those who sign it, but who did it."""
    for person in people_of(publication):
        if person.pk != by.user_id:
            notify(
                "publication_answer",
                event=f"{publication.pk}:{event}",
                title=title % {"title": publication.title},
                network=publication.network,
                to=person,
                url=url or work_url(publication),
                context=context,
            )


def tell_published(publication: Publication, *, by: Viewer) -> None:
    _answer(
        publication, by=by, event=f"published:{publication.decided_at}",
        title=_("C'est publié : « %(title)s »"), url=publication.get_absolute_url(),
        text=_("Votre texte est en ligne. Vous pouvez encore le corriger, ou le dépublier."),
        button_label=_("Le lire"),
    )  # fmt: skip


def tell_refused(publication: Publication, *, by: Viewer) -> None:
    _answer(
        publication, by=by, event=f"refused:{publication.decided_at}",
        title=_("Votre texte n'est pas publié : « %(title)s »"),
        text=_("Tout ce que vous avez écrit est gardé : corrigez, puis proposez de nouveau."),
        code=RefusalReason(publication.code).label, said=publication.reason, button_label=_("Corriger mon texte"),
    )  # fmt: skip


def tell_hidden(publication: Publication, *, by: Viewer) -> None:
    _answer(
        publication, by=by, event=f"hidden:{publication.decided_at}",
        title=_("Votre texte est retiré du site : « %(title)s »"),
        text=_("Écrivez à l'équipe d'animation pour le remettre."), said=publication.reason,
    )  # fmt: skip


def tell_version_sent(version: Version) -> None:
    tell_team(
        version.publication.network,
        title=_("Une modification attend votre relecture : « %(title)s »") % {"title": version.publication.title},
        text=_("Ce que tout le monde lit n'a pas changé."),
        path=version_url(version),
        label=_("Relire la modification"),
    )


def tell_version_answer(version: Version, *, by: Viewer, accepted: bool) -> None:
    title = (
        _("Votre modification de « %(title)s » est publiée")
        if accepted
        else _("Votre modification de « %(title)s » n'est pas retenue")
    )
    context: dict[str, Any] = {"text": _("Tout le monde lit le texte modifié."), "button_label": _("Voir")}
    if not accepted:
        context = {
            "text": _("Le texte en ligne ne change pas. Ce que vous avez écrit est gardé : reprenez-le."),
            "code": RefusalReason(version.code).label,
            "said": version.reason,
            "button_label": _("Reprendre ma modification"),
        }
    _answer(version.publication, by=by, event=f"version:{version.pk}:{version.decided_at}", title=title, **context)


# --- signatures ---------------------------------------------------------------------------------------------------------


def credit_token(credit: Credit) -> str:
    """For the message that asks a person to sign; good as long as the question stands."""
    return signing.dumps([credit.pk, credit.email], salt=_CREDIT_SALT)


def read_credit_token(token: str) -> Credit | None:
    try:
        pk, email = signing.loads(token, salt=_CREDIT_SALT, max_age=timedelta(days=90))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    waiting = Credit.objects.filter(state=CreditState.WAITING).select_related("publication__network", "added_by")
    hidden = {"publication__state__in": [State.HIDDEN, State.SUSPENDED]}
    return waiting.filter(pk=pk, email=email).exclude(email="").exclude(**hidden).first()


def tell_credit_asked(credit: Credit, *, by: Viewer) -> None:
    """The people of the actor, or the person at the address given, by a link that needs no account."""
    publication = credit.publication
    told: dict[str, Any] = {"title": publication.title, "who": str(by.user or by.network), "name": credit.signature}
    title = _("%(who)s vous propose de signer « %(title)s »") % told
    text = _("Votre nom (%(name)s) ne paraît qu'avec votre accord, que vous pouvez reprendre à tout moment.") % told
    if credit.actor_id is None:
        notify(
            "credit_asked",
            event=f"{credit.pk}",
            title=title,
            network=publication.network,
            address=credit.email,
            unasked=True,
            url=reverse("publications:credit_answer", args=[credit_token(credit)]),
            context={"text": text, "button_label": _("Lire et répondre")},
        )
        return
    for person in User.objects.filter(actor_memberships__actor=credit.actor_id).distinct().order_by("pk"):
        if person.pk != by.user_id:
            notify(
                "credit_asked",
                event=f"{credit.pk}",
                title=_("« %(name)s » est invité à signer « %(title)s »") % told,
                network=publication.network,
                to=person,
                url=reverse("publications:own_credits"),
                context={"text": text, "button_label": _("Lire et répondre")},
            )


def tell_credit_answer(credit: Credit, *, by: Viewer) -> None:
    asker = credit.added_by
    if asker is None or asker.pk == by.user_id:
        return
    words = _("%(name)s signe « %(title)s »") if credit.is_accepted else _("%(name)s ne signe pas « %(title)s »")
    notify(
        "credit_answered",
        event=f"{credit.pk}:{credit.state}",
        title=words % {"name": credit.signature, "title": credit.publication.title},
        network=credit.publication.network,
        to=asker,
        url=work_url(credit.publication),
    )


# --- comments -----------------------------------------------------------------------------------------------------------


def tell_comment(comment: Comment) -> None:
    """Those who sign what is commented; the team when it waits."""
    publication = comment.publication
    if comment.state == "waiting":
        tell_team(
            publication.network,
            title=_("Un commentaire attend votre relecture : « %(title)s »") % {"title": publication.title},
            text=_("C'est le premier de cette personne."),
            path=reverse("publications:comment_show", args=[comment.pk]),
            label=_("Lire le commentaire"),
        )
        return
    for person in people_of(publication):
        if person.pk != comment.author_id:
            notify(
                "comment_received",
                event=f"{comment.pk}",
                title=_("Un commentaire sous « %(title)s »") % {"title": publication.title},
                network=publication.network,
                to=person,
                url=comment.get_absolute_url(),
            )


def tell_comment_answer(comment: Comment) -> None:
    accepted = comment.state == "shown"
    title = _("Votre commentaire est visible") if accepted else _("Votre commentaire n'est pas publié")
    context = {} if accepted else {"code": RefusalReason(comment.code).label, "said": comment.reason}
    if comment.author is not None:
        notify(
            "publication_answer",
            event=f"comment:{comment.pk}:{comment.state}",
            title=f"{title} : « {comment.publication.title} »"[:200],
            network=comment.publication.network,
            to=comment.author,
            url=comment.publication.get_absolute_url(),
            context=context,
        )


def people_of(publication: Publication) -> list[User]:
    """Who wrote it, who signs it, who looks after the actors that do."""
    accepted = publication.credits.accepted()
    found = User.objects.filter(
        Q(pk=publication.author_id)
        | Q(pk__in=accepted.filter(user__isnull=False).values("user"))
        | Q(actor_memberships__actor__in=accepted.filter(actor__isnull=False).values("actor"))
    )
    return list(found.distinct().order_by("pk"))
