"""Sentences from which the texts of the demonstration are made, whatever they speak of. Every person quoted is invented."""

# Slots: {actor} the name of who signs, {place} « à Cahors », {subject} « la lumière » ({of_subject} « de la lumière »), {who} a name, {expert} what they are.

TITLES = (
    "{Subject} : récit d'une journée {place}", "{Subject} : le point de vue d'ici", "Ce que l'on apprend en parlant d'un sujet : {subject}",
    "Carnet de terrain {place} : {subject}", "{Subject} : dix questions d'enfants", "{Subject} {place}, un an après",
    "Comprendre ensemble : {subject}", "{Subject} : l'enquête d'une classe {place}", "Retour d'atelier : {subject}",
    "Une soirée {place} autour d'une question : {subject}", "{Subject} sans vocabulaire savant", "{Subject} : mode d'emploi pour animer",
    "Ils ont essayé {place} : {subject}", "{Subject} : ce que la recherche change", "À hauteur d'enfant : {subject}",
    "{Subject} : les coulisses d'une exposition {place}", "Trois idées reçues, un sujet : {subject}", "{Subject} : quand le public mesure",
    "Le grand format : {subject}", "{Subject} au bord du chemin, {place}", "Un hiver {place} avec un sujet : {subject}",
    "{Subject} : ce qui a marché, ce qui a raté", "Lu, vu, essayé : {subject}", "{Subject} : le point avec celles et ceux qui cherchent",
)  # fmt: skip

SUMMARIES = (
    "Une journée {place}, des gestes simples et une question qui ne s'épuise pas. Récit.",
    "Ils étaient venus regarder, ils sont repartis en ayant mesuré. Ce que l'équipe en retient.",
    "Pourquoi ce sujet passionne-t-il autant les familles que les classes ? Éléments de réponse, {place}.",
    "Une expérience, un lieu, des habitants : voici comment la culture scientifique se fabrique loin des grandes salles.",
    "Ce que l'on sait, ce que l'on croit savoir, et comment en parler sans perdre personne en route.",
    "Six mois de travail racontés par celles et ceux qui l'ont mené, avec leurs doutes et leurs chiffres.",
    "De quoi refaire la même chose chez vous : le matériel, le déroulé, les pièges.",
    "Le public a posé les questions, les spécialistes ont répondu. Morceaux choisis.",
    "Un sujet que l'on croit lointain, et qui se joue {place}, à deux pas de la place.",
    "Retour en mots et en mesures sur un rendez-vous qui a trouvé son public.",
    "Ni cours ni spectacle : une façon d'entrer dans la science par les mains.",
    "Ce texte rassemble ce qu'il faut pour en parler, à l'école, en bibliothèque ou sur un marché.",
)

OPENINGS = (
    "Il pleuvait {place} ce jour-là, et l'on craignait de manquer de monde. À quinze heures, il manquait des chaises.",
    "Tout a commencé par une question posée au comptoir de la médiathèque. Personne n'avait la réponse ; c'était une bonne raison de la chercher ensemble.",
    "Une table, six tabourets, un peu de matériel récupéré : il ne faut guère plus pour faire des sciences {place}.",
    "On dit souvent que la science est loin d'ici. L'équipe de « {actor} » a passé l'année à montrer le contraire.",
    "Ils avaient prévu une heure. Deux heures plus tard, personne ne parlait de ranger.",
    "« Et comment le sait-on ? » La question est venue du premier rang, d'une voix de huit ans, et elle a changé le cours de l'après-midi.",
    "Le car est arrivé avec vingt minutes de retard, la sono n'a pas marché, et ce fut pourtant l'une des meilleures séances de la saison.",
    "Voilà trois ans que « {actor} » s'y consacre, sans bruit. Il était temps de raconter.",
    "Sur la place du marché, entre le fromager et le marchand de graines, un drôle de stand attire les curieux.",
    "Le rendez-vous était fixé {place}, devant l'ancienne gare. Chacun avait apporté un objet et une question.",
    "Au départ, l'idée tenait en une phrase sur un coin de nappe. À l'arrivée, elle a réuni onze partenaires.",
    "Dans la salle des fêtes, les volets sont clos et les voix basses. L'expérience peut commencer.",
    "Les élèves l'avaient préparée depuis l'automne, cette rencontre. Ils n'ont laissé passer aucune approximation.",
    "Il y a les sujets dont tout le monde parle, et ceux que l'on découvre en levant la tête. Celui-ci est des deux.",
    "À l'heure où la commune s'endort, une fenêtre reste allumée {place} : on y mesure, on y compare, on y rit aussi.",
    "Ce n'est pas une leçon, prévient d'emblée l'animatrice. C'est une enquête, et il manque des enquêteurs.",
    "L'invitation promettait « une surprise et un goûter ». Le goûter fut excellent, la surprise dure encore.",
    "Le public change, la curiosité reste : c'est ce que montrent douze rendez-vous tenus cette année {place}.",
    "On y vient pour accompagner un enfant, et l'on s'aperçoit que l'on reste pour soi.",
    "Rien ne laissait penser que ce sujet remplirait la salle un mardi de novembre. Et pourtant.",
    "Un carton oublié dans une réserve, une étiquette à moitié effacée : voilà le point de départ.",
    "« Je n'ai jamais rien compris à ça. » Les trois quarts des visiteurs commencent ainsi ; presque aucun ne finit de même.",
    "C'est l'histoire d'une expérience ratée, recommencée, ratée encore, puis réussie devant tout le monde.",
    "La camionnette de « {actor} » a parcouru quatre mille kilomètres cette saison. Celui-ci est son carnet de bord.",
    "Faut-il tout expliquer ? L'équipe a choisi de montrer d'abord, de nommer ensuite.",
    "Il faisait assez froid {place} pour que l'on serre les rangs. Cela aide aussi à parler.",
    "Les chiffres étaient connus, le paysage aussi. Personne n'avait pensé à les mettre côte à côte.",
    "Quarante-deux personnes, un chien et un drone en panne : la sortie s'annonçait mouvementée.",
    "Avec peu de moyens et beaucoup d'heures, « {actor} » a monté un rendez-vous que d'autres envient déjà.",
    "Commençons par un aveu : au début, nous nous étions trompés.",
)  # fmt: skip

MIDDLES = (
    "La séance suit toujours le même chemin : observer sans rien dire, décrire, supposer, vérifier. Les mots savants viennent à la fin, quand ils servent.",
    "Pour « {actor} », l'essentiel se joue avant : une visite préparée en classe laisse trois fois plus de traces, d'après les carnets relus au printemps.",
    "Le matériel tient dans deux caisses et se prête. Trois structures du réseau l'ont déjà emprunté, et l'ont rendu complet, ce qui mérite d'être dit.",
    "Parler {of_subject} demande de renoncer à tout dire. L'équipe a gardé trois idées, et bâti autour d'elles ce que l'on peut toucher.",
    "Les bénévoles ont été formés sur deux samedis. Ils savent surtout répondre « je ne sais pas, cherchons », qui est la phrase la plus difficile du métier.",
    "Une attention particulière a été portée aux personnes qui n'entendent pas bien : textes affichés, boucle magnétique, et un temps de silence entre deux explications.",
    "Les habitants ont été associés dès le début : ils ont choisi la question, prêté la salle et servi la soupe.",
    "Le budget est resté modeste : neuf cents euros, dont la moitié pour les déplacements. Le reste est du temps, et beaucoup.",
    "On a évalué, simplement : un dessin avant, un dessin après. Les seconds ont plus de détails, et surtout plus de points d'interrogation.",
    "La rencontre avec une équipe de recherche change tout : on y découvre des gens qui doutent, qui discutent, et qui aiment cela.",
    "En milieu rural, le premier obstacle reste la route. Le rendez-vous a donc été calé sur l'heure du marché, et la fréquentation a doublé.",
    "Deux lycéens ont filmé la séance. Leur montage, six minutes, circule désormais dans les classes du département.",
    "Ce qui surprend le plus les intervenants, c'est la précision des questions. L'un d'eux est reparti avec une idée d'expérience.",
    "Tout n'a pas marché. L'atelier des tout-petits était trop long, et le panneau d'accueil, illisible : ils seront refaits avant l'été.",
    "La bibliothèque a sorti de ses rayons tout ce qui touche à un thème : {subject}. La table a été vidée deux fois.",
    "On vient désormais de trois cantons voisins. Le bouche-à-oreille, ici, vaut toutes les affiches.",
    "La démarche est la même partout : partir d'un lieu que l'on connaît, et l'interroger comme si l'on n'en savait rien.",
    "Les enseignantes y ont trouvé de quoi nourrir un trimestre : les relevés continuent, et la courbe s'allonge au mur de la classe.",
    "Aucun écran, sauf pour vérifier. Ce choix a d'abord étonné ; plus personne n'en parle.",
    "Le partenariat avec la commune a été signé pour trois ans, ce qui permet enfin de voir plus loin que la saison.",
    "Une partie du public ne pousse jamais la porte d'un musée. C'est pour elle que la séance se tient dehors, sous les platanes.",
    "Le livret d'accompagnement existe en français et en occitan. Il est libre : recopiez-le, corrigez-le, renvoyez-le.",
)  # fmt: skip

QUOTES = (
    "On ne vient pas chercher une réponse, on vient apprendre à poser la question.",
    "Le plus beau moment, c'est quand ils cessent de me regarder pour regarder la table.",
    "Je croyais que ce n'était pas pour moi. Maintenant, c'est moi qui explique à mon père.",
    "Une expérience ratée devant le public vaut dix expériences réussies en coulisse.",
    "Nous avons arrêté de dire que c'était simple. Ce n'est pas simple, et c'est pour cela que c'est intéressant.",
    "Les enfants n'ont pas peur de se tromper. Le travail, c'est que les adultes s'en souviennent.",
    "Ici, tout le monde connaît quelqu'un qui sait. Il suffisait de l'inviter.",
    "La science n'est pas au-dessus du village, elle est au milieu.",
    "Je suis venue pour parler de mes travaux, je repars avec un problème de plus. C'est le plus beau cadeau.",
    "Mesurer, c'est déjà discuter : il faut se mettre d'accord sur ce que l'on compte.",
    "Ce n'est pas le sujet qui est difficile, c'est la première minute.",
    "On n'a pas vu l'heure. Pour un vendredi après-midi de sixième, c'est tout dire.",
    "Quand on me demande à quoi ça sert, je réponds : à ne plus passer devant sans voir.",
    "Nous ne faisons pas de vulgarisation, nous faisons connaissance.",
    "Le doute n'est pas une faiblesse, c'est une méthode. Encore faut-il l'avoir vue à l'œuvre.",
    "J'ai gardé le carnet. Dix ans après, je note encore.",
)

ENDS = (
    "La suite est déjà prévue : une deuxième séance à l'automne, et une mallette à emprunter d'ici là.",
    "Vous voulez faire de même ? Écrivez à « {actor} » : le déroulé et la liste du matériel sont à vous.",
    "Rendez-vous dans l'agenda pour la prochaine date. Les places partent vite, mais la porte reste ouverte.",
    "Il reste une question au tableau, que personne n'a effacée. C'est sans doute le meilleur des bilans.",
    "Le carnet de bord est consultable sur place, {place}, aux heures d'ouverture.",
    "Les relevés sont publiés avec leurs erreurs et leurs trous : d'autres y verront ce que nous n'avons pas vu.",
    "On range les chaises, on balaie, et quelqu'un demande déjà quand on recommence.",
    "Merci aux bénévoles, aux élèves, et à la dame qui a prêté sa rallonge.",
    "L'an prochain, la question sera choisie par le public. Les urnes sont à la médiathèque.",
    "Si vous avez une photographie, un souvenir ou un objet qui s'y rapporte, l'équipe serait heureuse de le voir.",
    "Un bilan complet sera présenté à la prochaine journée du réseau, avec ce qui n'a pas marché.",
    "Tout est encore à faire, et c'est une bonne nouvelle.",
    "En attendant, il suffit d'ouvrir l'œil : le sujet est partout.",
    "Le texte que vous lisez sera tenu à jour : signalez-nous ce qui vous semble faux.",
)

HEADINGS = (
    ("D'abord, regarder", "Ce que disent les mesures", "Et maintenant ?"), ("Le point de départ", "Sur le terrain", "Ce qu'il en reste"),
    ("Une question", "Une méthode", "Une suite"), ("Ce que l'on croyait", "Ce que l'on a vu", "Ce que l'on cherche encore"),
    ("Avant", "Pendant", "Après"), ("Le lieu et les gens", "L'expérience", "À refaire chez vous"),
    ("De quoi parle-t-on ?", "Comment s'y prendre", "Pour aller plus loin"), ("Matin", "Après-midi", "Le soir venu"),
    ("Poser le décor", "Entrer dans le sujet", "Ouvrir la porte"), ("Trois caisses et une idée", "Les mains dans la matière", "Le bilan"),
)  # fmt: skip
LISTS = (
    "Pour essayer par vous-même :", "Quatre gestes à refaire à la maison :", "Ce que chacun peut faire, seul ou en classe :",
    "Les ateliers proposés ce jour-là :", "À emporter, en partant :", "Dans la mallette, de quoi :",
)  # fmt: skip
TABLES = ("Les valeurs relevées", "Quelques repères", "Ce que l'on a noté", "En chiffres")
NOTES = (
    "Relevé fait sur place, avec le matériel prêté par le réseau.", "Chiffre donné par l'équipe, arrondi.",
    "Voir le livret d'accompagnement, page 12.", "L'expression est d'un participant.", "Mesure répétée trois fois ; l'écart est de l'ordre du dixième.",
    "Les prénoms des enfants ont été changés.", "D'après les archives communales, série non classée.",
)  # fmt: skip
SOURCES = (
    "Carnet de séance, {actor}, fonds du réseau", "Livret d'accompagnement « {subject} », seconde édition",
    "Relevés des participants, fichier ouvert : https://donnees.{slug}.example/releves",
    "Entretien avec {who}, {expert}", "Bulletin des naturalistes et savants d'Oc, no 42", "Actes de la journée professionnelle du réseau, atelier 3",
    "Dossier pédagogique : https://www.{slug}.example/dossiers", "Archives départementales, série consultée en salle",
)  # fmt: skip
MEDIA = (
    ("audio", "Au micro : {subject}", "Douze minutes enregistrées pendant la séance."),
    ("video", "La séance en six minutes", "Filmée et montée par des lycéens."),
    ("audio", "Paroles de visiteurs", "À la sortie, trois voix, trois âges."),
    ("video", "Le geste, au ralenti", "Sans commentaire."),
)
# A film that exists, on a site whose player may be read in the page.
FILM = {
    "kind": "video",
    "url": "https://www.youtube.com/watch?v=0fKBhvDjuy0",
    "title": "Puissances de dix (1977)",
    "caption": "Le film de Charles et Ray Eames, neuf minutes, en anglais.",
}

# --- portraits ----------------------------------------------------------------------------------------------------------

PORTRAIT_TITLES = (
    "{who}, {expert}", "Portrait : {who}, le goût de chercher", "{who} : « j'ai appris en montrant »", "{who}, une curiosité contagieuse",
    "Rencontre {place} avec {who}", "{who}, l'art de répondre par une question",
)  # fmt: skip
PORTRAIT_OPENINGS = (
    "{who} parle avec les mains, et s'interrompt pour chercher l'objet qui expliquera mieux. Il y en a partout dans la pièce.",
    "On retrouve {who} {place}, entre deux rendez-vous, un thermos et trois cahiers sur la table.",
    "« Écrivez d'abord que je n'ai rien fait sans les autres », demande {who}. C'est fait.",
    "Avant d'être {expert}, {who} a livré des journaux, tenu un bar et raté deux concours.",
    "{who} ne dit jamais « le grand public ». « Il y a des gens, et ils ont des questions. »",
    "Dans le bureau, une seule affiche, faite par des élèves : c'est par elle que {who} commence toujours.",
    "À la sortie du collège, {who} démontait les radios de son quartier. Certaines remarchaient.",
    "Il a fallu trois appels pour trouver une heure : {who} est rarement en place.",
)
PORTRAIT_PATHS = (
    "Le chemin n'a rien eu de droit : des études commencées à Toulouse, arrêtées, reprises à Montpellier, puis dix ans de petits contrats avant de poser ses valises {place}.",
    "C'est une rencontre qui a tout décidé : une chercheuse venue parler dans un foyer rural, un soir où il n'y avait que neuf personnes dans la salle.",
    "Le métier s'est appris sur les marchés, à la criée presque. « Si tu ne les tiens pas en vingt secondes, ils vont acheter leurs tomates. »",
    "Aujourd'hui, avec « {actor} », le travail se partage entre les classes, les sorties et une paperasse que personne ne raconte jamais.",
    "Sa spécialité ? {Subject}. Mais la conversation s'en éloigne vite, pour mieux y revenir.",
    "Sa fierté tient dans une boîte à chaussures : les lettres d'enfants, classées par question. Les plus belles attendent encore leur réponse.",
    "Le doute est venu pendant l'hiver sans public. Il en reste une habitude : appeler, plutôt qu'écrire.",
)

# --- announcements ------------------------------------------------------------------------------------------------------

ANNOUNCED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "emploi": (
        ("Médiatrice ou médiateur scientifique {place}", "Stage de six mois : {subject}", "Service civique : aller vers les publics {place}",
         "Chargée ou chargé de projets culture scientifique {place}", "Alternance en médiation {place}", "Animatrice ou animateur d'été {place}"),
        ("« {actor} » cherche quelqu'un pour concevoir et animer des ateliers, avec les classes la semaine et les familles le samedi.",
         "Le poste demande de savoir parler {of_subject} simplement, de conduire, et d'aimer les routes de campagne.",
         "Contrat de douze mois, temps plein, prise de poste dès que possible. Débutantes et débutants sont les bienvenus."),
    ),
    "appel": (
        ("Appel à témoignages : {subject}", "Cherchons classes volontaires {place}", "Appel à propositions pour la Fête de la science {place}",
         "Participez au relevé : {subject}", "Appel à partenaires {place} : {subject}", "Vos objets, vos histoires {place}"),
        ("« {actor} » prépare un rendez-vous sur un thème qui nous concerne tous : {subject}. Votre participation compte, même petite.",
         "Aucune connaissance n'est demandée. Un guide de deux pages est envoyé à l'inscription.",
         "Les réponses sont lues par un comité du réseau, qui écrit à chacune et à chacun."),
    ),
    "benevolat": (
        ("Deux heures par mois {place} : {subject}", "Bénévoles pour tenir un stand {place}", "Coup de main pour une exposition {place}",
         "Relectrices et relecteurs bienvenus", "Qui pour accompagner une sortie {place} ?", "Aidez-nous à trier un fonds {place}"),
        ("L'équipe de « {actor} » a besoin de bras, d'oreilles et de bonne humeur.",
         "Une demi-journée de prise en main est prévue, avec un repas partagé.", "On vient une fois, on revient si cela plaît."),
    ),
    "formation": (
        ("Formation : animer un atelier sur {subject}", "Deux jours {place} pour oser les sciences", "Formation à la prise de parole {place}",
         "S'initier à l'évaluation d'un projet", "Formation : accueillir tous les publics {place}", "Journée d'échange {place} : {subject}"),
        ("Deux journées pour apprendre à faire, en petit groupe, avec le matériel que vous utiliserez ensuite.",
         "La formation est gratuite pour les membres du réseau ; le repas est à la charge de chacun.",
         "Formatrices et formateurs viennent de « {actor} » et d'un laboratoire partenaire."),
    ),
    "pret": (
        ("À emprunter {place} : mallette sur {subject}", "Don de microscopes {place}", "Exposition à prêter : {subject}",
         "Vitrines à donner {place}", "Planétarium gonflable libre au printemps", "Livres et jeux à donner {place}"),
        ("« {actor} » met à disposition ce matériel, en bon état, avec sa notice.",
         "À venir chercher {place}, sur rendez-vous. Une convention d'une page suffit.", "Le prêt est de trois semaines, renouvelable si personne n'attend."),
    ),
}  # fmt: skip

# --- dossiers -----------------------------------------------------------------------------------------------------------

DOSSIER_TITLES = (
    "{Subject} : le dossier",
    "Tout pour animer : {subject}",
    "Parcours : {subject}",
    "Dossier du réseau : {subject}",
)
DOSSIER_WORDS = (
    "Un thème, plusieurs portes. Ce dossier rassemble ce que le réseau a écrit, ce qu'il organise, et celles et ceux à qui parler.",
    "Pour préparer une séance, une exposition ou une simple conversation : commencez où vous voulez.",
    "Ces textes ont été choisis par l'équipe parce qu'ils se répondent, et parfois se contredisent.",
    "Il sera complété au fil des saisons : proposez-nous ce qui manque.",
)
PIECE_WORDS = (
    "Pour commencer.",
    "À lire avec une classe.",
    "Un autre point de vue.",
    "Pour rencontrer celles et ceux qui font.",
    "À vivre sur place.",
    "",
)

# --- comments -----------------------------------------------------------------------------------------------------------

COMMENTS = (
    "Merci pour ce récit, nous allons tenter la même chose avec nos CM2.", "Peut-on emprunter le matériel hors du département ?",
    "J'y étais avec ma fille, elle en parle encore.", "Belle idée. Avez-vous une version pour les tout-petits ?",
    "Le lien vers les relevés m'a été très utile.", "Bravo à l'équipe, et merci de dire aussi ce qui a raté.",
    "Une question : comment avez-vous financé les déplacements ?", "Nous avons un objet semblable dans nos réserves, écrivez-nous !",
    "Très clair, je le garde pour ma formation du mois prochain.", "Chez nous les mesures donnent un peu moins, sans doute à cause du vent.",
    "Je ne suis pas d'accord avec le deuxième point, mais la discussion mérite d'être ouverte.", "Quel plaisir de lire cela un lundi matin.",
    "Existe-t-il une traduction en occitan ?", "Notre club aimerait vous rendre visite au printemps.",
    "Mon grand-père faisait ainsi, je vous envoie une photographie.", "À quand la suite ?",
)  # fmt: skip
COMMENT_ENDS = (
    "", " Bien à vous.", " Merci encore.", " Au plaisir de vous croiser au forum.", " Je transmets à mes collègues.", " Bonne continuation !",
    " Nous sommes à vingt minutes de chez vous.", " Amitiés de la vallée d'à côté.", " On en reparle.", " Nous en avons parlé au conseil d'école.",
)  # fmt: skip
