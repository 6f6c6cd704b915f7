from django.urls import path, re_path

from maillage.directory.feeds import actor_feed
from maillage.directory.views import (
    charter,
    charter_signing,
    claims,
    claims_members,
    freshness,
    public,
    public_contact,
    public_outputs,
    public_site,
    revisions,
    trust,
    work,
    work_bulk,
    work_charter,
    work_charter_actor,
    work_duplicates,
    work_edit,
    work_find,
    work_freshness,
    work_merge,
    work_own,
    work_queue,
    work_sheet,
    work_table,
)

app_name = "directory"

PUBLIC = [
    path("acteurs/", public.list_actors, name="actor_list"),
    path("acteurs/carte.json", public_outputs.points, name="actor_points"),
    path("acteurs/flux.atom", actor_feed, name="actor_feed"),
    re_path(r"^acteurs/donnees\.(?P<kind>csv|json|xlsx|geojson)$", public_outputs.export_actors, name="actor_export"),
    path("acteurs/integrer/", public_outputs.embed_actors, name="actor_embed"),
    path("acteurs/widget/", public_outputs.show_widget, name="actor_widget"),
    path("acteurs/proposer/", public_contact.propose_actor, name="actor_propose"),
    path("acteurs/<slug:slug>/", public.show_actor, name="actor_show"),
    path("acteurs/<slug:slug>/contact/", public_contact.write_actor, name="actor_contact"),
    path("acteurs/<slug:slug>/signaler/", public_contact.report_actor, name="actor_report"),
    path("sitemap.xml", public_site.show_sitemap_index, name="sitemap"),
    re_path(r"^sitemap-(?P<part>pages|[1-9][0-9]{0,4})\.xml$", public_site.show_sitemap_part, name="sitemap_part"),
    path("robots.txt", public_site.show_robots, name="robots"),
]

WORK = [
    path("travail/", work.show_home, name="work_home"),
    path("travail/acteurs/", work_table.list_actors, name="actor_table"),
    path("travail/acteurs/fichier/", work_table.export_table, name="actor_table_export"),
    path("travail/acteurs/trouver/", work_find.list_options, name="actor_options"),
    path("travail/acteurs/nouveau/", work_edit.create_actor, name="actor_create"),
    path("travail/acteurs/nouveau/ressemblances/", work_edit.show_lookalikes, name="actor_lookalikes"),
    path("travail/acteurs/a-placer/", work_edit.list_to_place, name="actors_to_place"),
    path("travail/acteurs/modifier/", work_bulk.change_actors, name="actors_bulk"),
    path("travail/acteurs/modifications/<int:pk>/", work_bulk.show_bulk, name="bulk_show"),
    path("travail/acteurs/modifications/<int:pk>/annuler/", work_bulk.undo_bulk, name="bulk_undo"),
    path("travail/acteurs/vues/", work_table.save_view, name="view_save"),
    path("travail/acteurs/vues/<int:pk>/supprimer/", work_table.delete_view, name="view_delete"),
    path("travail/acteurs/<int:pk>/", work_sheet.show_sheet, name="actor_work"),
    path("travail/acteurs/<int:pk>/ligne/", work_table.edit_in_row, name="actor_row"),
    path("travail/acteurs/<int:pk>/cercle/", work_sheet.qualify, name="actor_qualify"),
    path("travail/acteurs/<int:pk>/note/", work_sheet.write_note, name="actor_note"),
    path("travail/acteurs/<int:pk>/etat/", work_sheet.change_state, name="actor_state"),
    path("travail/acteurs/<int:pk>/archiver/", work_sheet.archive, name="actor_archive"),
    path("travail/acteurs/<int:pk>/placer/", work_edit.place_actor, name="actor_place"),
    path("travail/acteurs/<int:pk>/fusionner/", work_merge.choose_twin, name="actor_twin"),
    path("travail/acteurs/<int:pk>/fusionner/<int:other>/", work_merge.merge_actors, name="actor_merge"),
    path("travail/doublons/", work_duplicates.list_pairs, name="pair_list"),
    path("travail/doublons/chercher/", work_duplicates.look_for_pairs, name="pair_look"),
    path("travail/doublons/suivante/", work_duplicates.take_next_pair, name="pair_next"),
    path("travail/doublons/decidees/", work_duplicates.list_decided, name="decided_list"),
    path("travail/doublons/decidees/<int:pk>/revenir/", work_duplicates.take_back, name="decided_take_back"),
    path("travail/doublons/<int:pk>/", work_duplicates.show_pair, name="pair_show"),
    path("travail/doublons/<int:pk>/prendre/", work_duplicates.take_pair, name="pair_take"),
    path("travail/doublons/<int:pk>/laisser/", work_duplicates.leave_pair, name="pair_leave"),
    path("travail/doublons/<int:pk>/decider/", work_duplicates.judge_pair, name="pair_judge"),
    path("travail/fusions/", work_merge.list_merges, name="merge_list"),
    path("travail/fusions/<int:pk>/annuler/", work_merge.undo, name="merge_undo"),
    path("mes-fiches/", work_own.list_sheets, name="own_sheets"),
    path("mes-fiches/<int:pk>/", work_own.show_sheet, name="own_sheet"),
    path("fiches/<int:pk>/modifier/", work_edit.edit_actor, name="actor_edit"),
    path("fiches/<int:pk>/modifier/<slug:step>/", work_edit.edit_actor, name="actor_edit_step"),
    path("fiches/<int:pk>/a-jour/", work_edit.confirm_actor, name="actor_confirm"),
]

CLAIMS = [
    path("acteurs/<slug:slug>/revendiquer/", claims.claim_actor, name="actor_claim"),
    path("acteurs/<slug:slug>/revendiquer/adresse/", claims.claim_by_domain, name="actor_claim_domain"),
    path("acteurs/<slug:slug>/revendiquer/code/", claims.send_code, name="actor_claim_send"),
    path("acteurs/<slug:slug>/revendiquer/code/saisir/", claims.claim_by_code, name="actor_claim_code"),
    path("mes-demandes/", claims.list_claims, name="own_claims"),
    path("demandes/<int:pk>/", claims.show_claim, name="claim_show"),
    path("demandes/<int:pk>/document/", claims.open_document, name="claim_document"),
    path("demandes/<int:pk>/repondre/", claims.decide_claim, name="claim_decide"),
    path("demandes/<int:pk>/annuler/", claims.cancel_claim, name="claim_cancel"),
    path("demandes/<int:pk>/contester/", claims.contest_claim, name="claim_contest"),
    path("fiches/<int:pk>/membres/", claims_members.list_members, name="actor_members"),
    path("fiches/<int:pk>/membres/inviter/", claims_members.invite_member, name="member_invite"),
    path("fiches/<int:pk>/quitter/", claims_members.leave_actor, name="actor_leave"),
    path("fiches/membres/<int:pk>/role/", claims_members.change_role, name="member_role"),
    path("fiches/membres/<int:pk>/retirer/", claims_members.remove_member, name="member_remove"),
    path("fiches/invitations/<int:pk>/renvoyer/", claims_members.resend_invitation, name="member_resend"),
    path("fiches/invitations/<int:pk>/annuler/", claims_members.cancel_invitation, name="member_cancel"),
    path("fiches/invitations/<int:pk>/<str:token>/", claims_members.join_actor, name="actor_join"),
]

FRESHNESS = [
    path("fiche/<int:pk>/<slug:token>/", freshness.show_reminder, name="reminder_show"),
    path("fiche/<int:pk>/<slug:token>/corriger/", freshness.edit_by_link, name="reminder_edit"),
    path("fiche/<int:pk>/<slug:token>/merci/", freshness.thank, name="reminder_done"),
    path("fiche/<int:pk>/<slug:token>/retirer/", freshness.object_to_listing, name="reminder_object"),
    path("fiche/<int:pk>/<slug:token>/arret/", freshness.stop_reminders, name="reminder_stop"),
    path("travail/fraicheur/", work_freshness.list_asked, name="freshness"),
    path("travail/acteurs/<int:pk>/demander/", work_freshness.ask_actor, name="actor_ask"),
]

QUEUE = [
    path("travail/file/", work_queue.show_queue, name="queue"),
    path("travail/file/suggestions/<int:pk>/", work_queue.show_suggestion, name="suggestion_show"),
    path("travail/file/suggestions/<int:pk>/reprendre/", work_queue.apply_suggestion, name="suggestion_apply"),
    path("travail/file/suggestions/<int:pk>/archiver/", work_queue.archive_actor, name="suggestion_archive"),
    path("travail/file/suggestions/<int:pk>/transmettre/", work_queue.pass_suggestion_on, name="suggestion_pass_on"),
    path("travail/file/suggestions/<int:pk>/traitee/", work_queue.note_suggestion, name="suggestion_note"),
    path("travail/file/suggestions/<int:pk>/refuser/", work_queue.refuse_suggestion, name="suggestion_refuse"),
]

REVISIONS = [
    path("modifications/<int:pk>/", revisions.show_revision, name="revision_show"),
    path("modifications/<int:pk>/photo/", revisions.show_picture, name="revision_picture"),
    path("modifications/<int:pk>/retenir/", revisions.accept_revision, name="revision_accept"),
    path("modifications/<int:pk>/refuser/", revisions.refuse_revision, name="revision_refuse"),
    path("modifications/<int:pk>/retirer/", revisions.withdraw_revision, name="revision_withdraw"),
    path("modifications/<int:pk>/renvoyer/", revisions.resubmit_revision, name="revision_resubmit"),
    path("travail/contributeurs/", trust.list_contributors, name="contributor_list"),
    path("travail/contributeurs/<int:pk>/", trust.show_contributor, name="contributor_show"),
]

CHARTER = [
    path("charte/", charter.show_charter, name="charter_show"),
    path("charte/<int:major>.<int:minor>/", charter.show_version, name="charter_version"),
    path("charte/signataires/", charter.show_wall, name="charter_wall"),
    path("charte/signataires.csv", charter.export_wall, name="charter_wall_export"),
    path("charte/signer/<int:pk>/<slug:token>/", charter_signing.sign_by_link, name="charter_sign"),
    path("charte/arret/<int:pk>/<slug:token>/", charter_signing.stop_messages, name="charter_stop"),
    path("charte/preuve/<int:pk>/<slug:token>/", charter_signing.show_proof, name="charter_proof"),
    path("charte/preuve/<int:pk>/<slug:token>/preuve.pdf", charter_signing.download_proof, name="charter_proof_file"),
    path("charte/signatures/<int:pk>/preuve.pdf", charter_signing.download_known_proof, name="charter_known_proof"),
    path("mes-fiches/<int:pk>/charte/", charter_signing.sign_own, name="charter_own"),
    path("travail/charte/", work_charter.show_charter, name="charter_work"),
    path("travail/charte/projet/", work_charter.edit_draft, name="charter_draft"),
    path("travail/charte/projet/jeter/", work_charter.discard_draft, name="charter_discard"),
    path("travail/charte/projet/publier/", work_charter.publish_draft, name="charter_publish"),
    path("travail/charte/acteurs/", work_charter.list_actors, name="charter_actors"),
    path("travail/charte/envoyer/", work_charter.send_links, name="charter_send"),
    path("travail/acteurs/<int:pk>/charte/", work_charter_actor.show_actor, name="charter_actor"),
    path("travail/acteurs/<int:pk>/charte/lien/", work_charter_actor.send_link, name="charter_link"),
    path("travail/acteurs/<int:pk>/charte/lien/<int:link>/", work_charter_actor.revoke_link, name="charter_revoke"),
    path("travail/acteurs/<int:pk>/charte/papier/", work_charter_actor.record_paper, name="charter_paper"),
    path("travail/acteurs/<int:pk>/charte/<int:signature>/", work_charter_actor.withdraw, name="charter_withdraw"),
    path(
        "travail/acteurs/<int:pk>/charte/<int:signature>/nom/", work_charter_actor.forget_signer, name="charter_forget"
    ),
]


urlpatterns = [*PUBLIC, *CHARTER, *WORK, *CLAIMS, *FRESHNESS, *QUEUE, *REVISIONS]
