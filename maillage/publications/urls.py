from django.urls import path, re_path, register_converter

from maillage.publications.enums import Section
from maillage.publications.feeds import publication_feed
from maillage.publications.views import (
    acts,
    comments,
    contribute,
    edit,
    follow,
    lists,
    media,
    outputs,
    pieces,
    public,
    signatures,
    versions,
    work,
)

app_name = "publications"


class SectionConverter:
    """The first part of an address: `articles`, `annonces`, `dossiers`."""

    regex = "|".join(Section.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SectionConverter, "section")

OUTPUTS = [
    path("<section:section>/flux.rss", publication_feed, name="publication_feed"),
    re_path(
        rf"^(?P<section>{SectionConverter.regex})/donnees\.(?P<kind>csv|json|xlsx)$",
        outputs.export_publications,
        name="publication_export",
    ),
    path("<section:section>/integrer/", outputs.embed_publications, name="publication_embed"),
    path("<section:section>/widget/", outputs.show_widget, name="publication_widget"),
]

CONTRIBUTE = [
    path("contribuer/", contribute.choose, name="contribute"),
    path("<section:section>/proposer/", contribute.propose, name="publication_propose"),
    path("mes-textes/", contribute.list_own, name="own_publications"),
    path("mes-textes/signatures/", signatures.list_own, name="own_credits"),
    path("signer/<str:token>/", signatures.answer_by_link, name="credit_answer"),
    path("signatures/<int:pk>/repondre/", signatures.reply, name="credit_reply"),
    path("textes/<int:pk>/", follow.show_publication, name="publication_work"),
    path("textes/<int:pk>/ecrire/", edit.edit_step, name="publication_edit"),
    path("textes/<int:pk>/ecrire/<slug:step>/", edit.edit_step, name="publication_edit_step"),
    path("textes/<int:pk>/medias/", media.edit_media, name="publication_media"),
    path("textes/<int:pk>/signatures/", signatures.edit_credits, name="publication_credits"),
    path("textes/<int:pk>/composition/", pieces.compose, name="publication_pieces"),
    path("textes/<int:pk>/parution/", edit.edit_settings, name="publication_settings"),
    path("textes/<int:pk>/versions/", versions.list_versions, name="version_list"),
    path("textes/<int:pk>/envoyer/", follow.submit, name="publication_submit"),
    path("textes/<int:pk>/apercu/", acts.renew_preview, name="publication_preview_renew"),
    path("textes/<int:pk>/depublier/", acts.take_back, name="publication_take_back"),
    path("textes/<int:pk>/supprimer/", acts.delete, name="publication_delete"),
    path("textes/<int:pk>/modification/", versions.send, name="version_send"),
    path("textes/<int:pk>/modification/abandonner/", versions.discard, name="version_discard"),
    path("textes/modifications/<int:pk>/", versions.show_version, name="version_show"),
    path("textes/commentaires/<int:pk>/supprimer/", comments.remove, name="comment_remove"),
]

WORK = [
    path("travail/textes/", work.list_publications, name="publication_table"),
    path("textes/<int:pk>/publier/", follow.publish, name="publication_publish"),
    path("textes/<int:pk>/refuser/", follow.refuse, name="publication_refuse"),
    path("textes/<int:pk>/retirer/", acts.hide, name="publication_hide"),
    path("textes/<int:pk>/mettre-en-avant/", acts.feature, name="publication_feature"),
    path("textes/modifications/<int:pk>/publier/", versions.accept, name="version_accept"),
    path("textes/modifications/<int:pk>/refuser/", versions.refuse, name="version_refuse"),
    path("textes/commentaires/<int:pk>/", comments.show, name="comment_show"),
    path("textes/commentaires/<int:pk>/accepter/", comments.accept, name="comment_accept"),
    path("textes/commentaires/<int:pk>/refuser/", comments.refuse, name="comment_refuse"),
]

PUBLIC = [
    path("<section:section>/", lists.list_publications, name="publication_list"),
    path("apercu/<str:key>/", public.preview, name="publication_preview"),
    path("<section:section>/<slug:slug>/", public.show_publication, name="publication_show"),
    path("<section:section>/<slug:slug>/lu/", public.count, name="publication_read"),
    path("<section:section>/<slug:slug>/commenter/", comments.write, name="comment_write"),
]

urlpatterns = [*OUTPUTS, *CONTRIBUTE, *WORK, *PUBLIC]
