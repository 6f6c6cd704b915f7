from django.urls import path

from maillage.newsletters.feeds import letter_feed
from maillage.newsletters.views import letters, links, public, subscribers

app_name = "newsletters"

_LINK = "<int:pk>/<str:token>/"
PUBLIC = [
    path("lettre/", public.subscribe, name="subscribe"),
    path("lettre/merci/", public.subscribe_done, name="subscribe_done"),
    path("lettre/m-abonner/", public.subscribe_account, name="subscribe_account"),
    path("lettre/archives/", public.list_letters, name="letter_archive"),
    path("lettre/archives/flux.rss", letter_feed, name="letter_feed"),
    path("lettre/archives/<slug:slug>/", public.show_letter, name="letter_show"),
    path(f"lettre/confirmer/{_LINK}", links.confirm, name="subscription_confirm"),
    path(f"lettre/preferences/{_LINK}", links.edit, name="subscription_edit"),
    path(f"lettre/desabonnement/{_LINK}", links.stop, name="subscription_stop"),
    path(f"lettre/effacer/{_LINK}", links.erase, name="subscription_erase"),
]

WORK = [
    path("travail/lettres/", letters.list_letters, name="letter_list"),
    path("travail/lettres/nouvelle/", letters.create, name="letter_create"),
    path("travail/lettres/<int:pk>/", letters.show, name="letter_work"),
    path("travail/lettres/<int:pk>/modifier/", letters.edit, name="letter_edit"),
    path("travail/lettres/<int:pk>/choisir/", letters.choose, name="letter_choose"),
    path("travail/lettres/<int:pk>/texte/", letters.edit_text, name="letter_text"),
    path("travail/lettres/<int:pk>/texte/<int:block>/", letters.edit_text, name="letter_text_edit"),
    path("travail/lettres/<int:pk>/apercu/", letters.preview, name="letter_preview"),
    path("travail/lettres/<int:pk>/message/", letters.message, name="letter_message"),
    path("travail/lettres/<int:pk>/essai/", letters.trial, name="letter_trial"),
    path("travail/lettres/<int:pk>/envoyer/", letters.send, name="letter_send"),
    path("travail/lettres/<int:pk>/avancement/", letters.progress, name="letter_progress"),
    path("travail/lettres/<int:pk>/supprimer/", letters.delete, name="letter_delete"),
    path("travail/lettres/<int:pk>/<slug:act>/", letters.act, name="letter_act"),
    path("travail/lettres/abonnes/", subscribers.show, name="subscriber_list"),
    path("travail/lettres/abonnes/export.csv", subscribers.export, name="subscriber_export"),
    path("travail/lettres/abonnes/importer/", subscribers.bring_in, name="subscriber_import"),
]

urlpatterns = [*PUBLIC, *WORK]
