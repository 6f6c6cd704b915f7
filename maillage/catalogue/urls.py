from django.urls import path, re_path

from maillage.catalogue.feeds import resource_feed
from maillage.catalogue.views import (
    collections,
    contribute,
    edit,
    follow,
    harvest,
    lending,
    lists,
    outputs,
    public,
    stock,
)

app_name = "catalogue"

OUTPUTS = [
    path("ressources/flux.rss", resource_feed, name="resource_feed"),
    re_path(r"^ressources/donnees\.(?P<kind>csv|json|xlsx)$", outputs.export_resources, name="resource_export"),
    path("ressources/integrer/", outputs.embed_resources, name="resource_embed"),
    path("ressources/widget/", outputs.show_widget, name="resource_widget"),
    path("ressources/carte.json", lists.points, name="resource_points"),
    path("oai", harvest.answer, name="oai"),
]

COLLECTIONS = [
    path("ressources/collections/", collections.list_collections, name="collection_list"),
    path("ressources/collections/ouvrir/", collections.open_collection, name="collection_open"),
    path("ressources/collections/mes-collections/", collections.list_own, name="own_collections"),
    path("ressources/collections/<slug:slug>/", collections.show_collection, name="collection_show"),
    path("ressources/<slug:slug>/collection/", collections.gather, name="resource_gather"),
    path("catalogue/collections/<int:pk>/", collections.edit_collection, name="collection_edit"),
    path("catalogue/collections/<int:pk>/ordre/", collections.arrange, name="collection_arrange"),
    path("catalogue/collections/<int:pk>/ajouter/", collections.add_item, name="collection_add"),
    path("catalogue/collections/<int:pk>/personnes/", collections.add_editor, name="collection_editor_add"),
    path("catalogue/collections/personnes/<int:pk>/", collections.remove_editor, name="collection_editor_remove"),
    path("catalogue/collections/<int:pk>/supprimer/", collections.delete_collection, name="collection_delete"),
]

CONTRIBUTE = [
    path("ressources/proposer/", contribute.propose, name="resource_propose"),
    path("mes-ressources/", contribute.list_own, name="own_resources"),
    path("catalogue/<int:pk>/", follow.show_resource, name="resource_work"),
    path("catalogue/<int:pk>/ecrire/", edit.edit_step, name="resource_edit"),
    path("catalogue/<int:pk>/ecrire/<slug:step>/", edit.edit_step, name="resource_edit_step"),
    path("catalogue/<int:pk>/photos/", edit.edit_photos, name="resource_photos"),
    path("catalogue/photos/<int:pk>/", edit.describe_photo, name="photo_edit"),
    path("catalogue/photos/<int:pk>/retirer/", edit.remove_photo, name="photo_remove"),
    path("catalogue/<int:pk>/documents/", edit.edit_files, name="resource_files"),
    path("catalogue/documents/<int:pk>/", edit.edit_file, name="resource_file"),
    path("catalogue/documents/<int:pk>/nom/", edit.name_file, name="file_name"),
    path("catalogue/documents/<int:pk>/retirer/", edit.remove_file, name="file_remove"),
    path("catalogue/versions/<int:pk>/", edit.open_version, name="version_open"),
    path("catalogue/versions/<int:pk>/retirer/", edit.withdraw_version, name="version_withdraw"),
    path("catalogue/<int:pk>/liens/", edit.edit_links, name="resource_links"),
    path("catalogue/<int:pk>/envoyer/", follow.submit, name="resource_submit"),
    path("catalogue/<int:pk>/ne-plus-proposer/", follow.retire, name="resource_retire"),
    path("catalogue/<int:pk>/supprimer/", follow.delete, name="resource_delete"),
]

STOCK = [
    path("catalogue/<int:pk>/stock/", stock.show_stock, name="resource_stock"),
    path("catalogue/<int:pk>/exemplaires/", stock.add_copies, name="copies_add"),
    path("catalogue/exemplaires/<int:pk>/", stock.edit_copy, name="copy_edit"),
    path("catalogue/exemplaires/<int:pk>/effacer/", stock.remove_copy, name="copy_remove"),
    path("catalogue/exemplaires/<int:pk>/malle/", stock.put_in, name="component_add"),
    path("catalogue/malles/<int:pk>/sortir/", stock.take_out, name="component_remove"),
    path("catalogue/exemplaires/<int:pk>/entretien/", stock.begin_upkeep, name="upkeep_begin"),
    path("catalogue/entretiens/<int:pk>/finir/", stock.end_upkeep, name="upkeep_end"),
    path("catalogue/<int:pk>/modules/", stock.add_module, name="module_add"),
    path("catalogue/modules/<int:pk>/", stock.edit_module, name="module_edit"),
    path("catalogue/modules/<int:pk>/retirer/", stock.remove_module, name="module_remove"),
    path("catalogue/<int:pk>/consommables/", stock.add_consumable, name="consumable_add"),
    path("catalogue/consommables/<int:pk>/", stock.edit_consumable, name="consumable_edit"),
    path("catalogue/consommables/<int:pk>/retirer/", stock.remove_consumable, name="consumable_remove"),
    path("catalogue/<int:pk>/conditions/", lending.edit_resource_terms, name="resource_terms"),
    path("catalogue/preteurs/<int:pk>/", lending.edit_terms, name="lending_terms"),
    path("catalogue/preteurs/<int:pk>/fermetures/", lending.add_closure, name="closure_add"),
    path("catalogue/fermetures/<int:pk>/annuler/", lending.remove_closure, name="closure_remove"),
]

WORK = [
    path("travail/ressources/", follow.list_resources, name="resource_table"),
    path("catalogue/<int:pk>/publier/", follow.publish, name="resource_publish"),
    path("catalogue/<int:pk>/refuser/", follow.refuse, name="resource_refuse"),
    path("catalogue/<int:pk>/retirer/", follow.hide, name="resource_hide"),
    path("catalogue/<int:pk>/motif/", follow.answer_reason, name="reason_answer"),
    path("catalogue/<int:pk>/mettre-en-avant/", follow.feature, name="resource_feature"),
]

PUBLIC = [
    path("ressources/", lists.list_resources, name="resource_list"),
    path("ressources/<slug:slug>/", public.show_resource, name="resource_show"),
    path("ressources/<slug:slug>/documents/<int:pk>/", public.download, name="resource_download"),
    path("ressources/<slug:slug>/utilisee/", public.declare_use, name="use_declare"),
    path("catalogue/usages/<int:pk>/avis/", public.write_feedback, name="feedback_write"),
    path("catalogue/avis/<int:pk>/repondre/", public.answer_feedback, name="feedback_answer"),
]

urlpatterns = [*OUTPUTS, *COLLECTIONS, *CONTRIBUTE, *STOCK, *WORK, *PUBLIC]
