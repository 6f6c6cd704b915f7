"""Sign-in under French paths (allauth's names are kept: it reverses them), one's account, the people of a network."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from maillage.accounts import views

sign_in = [
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("desactive/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
    path("identite/", account.reauthenticate, name="account_reauthenticate"),
    path("adresse/", account.email, name="account_email"),
    path("adresse/confirmer/", account.email_verification_sent, name="account_email_verification_sent"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisir/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/second-facteur/", mfa.authenticate, name="mfa_authenticate"),
    path("identite/second-facteur/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("identite/cle/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("securite/", mfa.index, name="mfa_index"),
    path("securite/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("securite/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("securite/secours/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("securite/secours/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("securite/secours/telecharger/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("securite/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("securite/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("securite/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("securite/cles/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sessions/", views.list_sessions, name="usersessions_list"),
]

own = (
    [
        path("", views.show_profile, name="profile"),
        path("identite/code/", views.confirm_identity, name="identity_confirm"),
        path("rejoindre/", views.join_network, name="network_join"),
        path("reunir/", views.name_other_account, name="merge_ask"),
        path("reunir/code/", views.prove_other_account, name="merge_prove"),
        path("reunir/confirmer/", views.merge_other_account, name="merge_confirm"),
        path("jetons/", views.list_tokens, name="token_list"),
        path("jetons/<int:pk>/revoquer/", views.revoke_token, name="token_revoke"),
        path("donnees/", views.show_data, name="data"),
        path("donnees/export/", views.request_export, name="export_request"),
        path("donnees/export/<int:pk>/", views.download_export, name="export_download"),
        path("donnees/effacer/", views.erase_account, name="erasure"),
        path("invitation/<int:pk>/<str:token>/", views.accept_invitation, name="invitation_accept"),
    ],
    "accounts",
)

people = (
    [
        path("personnes/", views.list_people, name="person_list"),
        path("personnes/inviter/", views.invite_people, name="invitation_create"),
        path("personnes/invitations/", views.list_invitations, name="invitation_list"),
        path("personnes/invitations/<int:pk>/renvoyer/", views.resend_invitation, name="invitation_resend"),
        path("personnes/invitations/<int:pk>/annuler/", views.cancel_invitation, name="invitation_cancel"),
        path("personnes/inactives/", views.list_absences, name="absence_list"),
        path("personnes/<int:pk>/", views.show_person, name="person_detail"),
        path("personnes/<int:pk>/reunir/", views.invite_to_merge, name="merge_suggest"),
        path("personnes/<int:pk>/roles/", views.grant_role, name="role_grant"),
        path("personnes/roles/<int:pk>/retirer/", views.revoke_role, name="role_revoke"),
    ],
    "people",
)

urlpatterns = [
    path("compte/", include(sign_in)),
    path("compte/", include(own)),
    path("gestion/", include(people)),
    path("plateforme/reseaux/nouveau/", views.create_network, name="network_create"),
]
