from django.urls import path

from maillage.loans.views import board, cases, figures, loan, own, papers, reports, request, tags, transfers

app_name = "loans"

REPORTS = [
    path("prets/<int:pk>/constat/<slug:moment>/", reports.write_report, name="report_write"),
    path("prets/constats/<int:pk>/", reports.show_report, name="report_show"),
    path("prets/photos/<int:pk>/", reports.show_photo, name="report_photo"),
    path("prets/dommages/<int:pk>/", cases.show_case, name="case_show"),
    path("prets/dommages/<int:pk>/reponse/", cases.answer_case, name="case_answer"),
]

PAPERS = [
    path("prets/<int:pk>/papiers/", papers.show_papers, name="papers"),
    path("prets/<int:pk>/convention/", papers.sign_agreement, name="agreement_sign"),
    path("prets/<int:pk>/convention/convention.pdf", papers.download_agreement, name="agreement_pdf"),
    path("prets/<int:pk>/convention/etablir/", papers.draw_agreement, name="agreement_draw"),
    path("prets/<int:pk>/convention/lien/", papers.send_link, name="agreement_send"),
    path("prets/<int:pk>/pieces/", papers.give_document, name="document_give"),
    path("prets/<int:pk>/caution/", papers.receive_deposit, name="deposit_receive"),
    path("prets/pieces/<int:pk>/", papers.download_document, name="document_download"),
    path("prets/pieces/<int:pk>/reponse/", papers.answer_document, name="document_answer"),
    path("conventions/<int:pk>/<slug:side>/<slug:token>/", papers.sign_by_link, name="agreement_link"),
    path(
        "conventions/<int:pk>/<slug:side>/<slug:token>/convention.pdf",
        papers.download_by_link,
        name="agreement_link_pdf",
    ),
    path("mes-fiches/<int:pk>/convention-de-pret/", papers.write_own_text, name="agreement_text"),
    path("travail/prets/convention/", papers.write_network_text, name="agreement_network_text"),
]

TAGS = [
    path("materiel/<slug:tag>/", tags.show_tag, name="tag_show"),
    path("travail/prets/etiquettes/", tags.choose_labels, name="label_list"),
    path("travail/prets/etiquettes/etiquettes.pdf", tags.print_labels, name="label_print"),
]

FIGURES = [
    path("travail/prets/ou/", figures.show_whereabouts, name="whereabouts"),
    path("travail/prets/ou/points/", figures.list_points, name="whereabouts_points"),
    path("travail/prets/chiffres/", figures.show_figures, name="figures"),
    path("travail/prets/chiffres/prets.csv", figures.export_figures, name="figures_export"),
    path("travail/prets/reseau/", figures.show_network, name="network_figures"),
    path("travail/prets/reseau/occupation.csv", figures.export_occupation, name="occupation_export"),
    path("travail/prets/reseau/demandes.csv", figures.export_lacks, name="lacks_export"),
]

TRANSFERS = [
    path("prets/<int:pk>/remise/", transfers.plan_transfer, name="transfer_plan"),
    path("prets/remises/<int:pk>/", transfers.sign_transfer, name="transfer_sign"),
    path("prets/remises/<int:pk>/confirmer/", transfers.confirm_transfer, name="transfer_confirm"),
    path("prets/remises/<int:pk>/annuler/", transfers.cancel_transfer, name="transfer_cancel"),
]

urlpatterns = [
    *REPORTS,
    *PAPERS,
    *TAGS,
    *FIGURES,
    *TRANSFERS,
    path("ressources/<slug:slug>/demander/", request.ask, name="loan_request"),
    path("prets/", own.list_own, name="own_list"),
    path("prets/calendrier/", own.renew, name="calendar_renew"),
    path("prets/calendrier/<int:pk>/<str:token>.ics", own.follow_calendar, name="calendar"),
    path("prets/attente/<int:pk>/", own.show_waiting, name="waiting_show"),
    path("prets/<int:pk>/", loan.show, name="loan_show"),
    path("prets/<int:pk>/<slug:act>/", loan.do, name="loan_do"),
    path("travail/prets/", board.show_today, name="board"),
    path("travail/prets/tous/", board.show_table, name="loan_table"),
    path("travail/prets/tous.csv", board.export_table, name="loan_export"),
    path("travail/prets/mois/", board.show_month, name="month"),
    path("travail/prets/suspensions/", board.list_suspensions, name="suspension_list"),
    path("travail/prets/suspensions/<int:pk>/lever/", board.lift_suspension, name="suspension_lift"),
]
