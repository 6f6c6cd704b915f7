"""What the analyser knows about French: elisions, stop words, families of words. Everything is written folded."""

ELIDED = frozenset({
    "l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "entr", "quelqu",
})  # fmt: skip

# Words whose apostrophe belongs to them.
WHOLE = frozenset({"aujourd", "prud"})

STOP_WORDS = frozenset({
    "a", "ai", "ainsi", "alors", "as", "au", "aucun", "aussi", "autre", "aux", "avec", "car", "ce", "ceci", "cela",
    "ces", "cet", "cette", "chez", "comme", "comment", "dans", "de", "des", "donc", "dont", "du", "elle", "elles", "en",
    "est", "et", "etre", "eux", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais", "me", "mes",
    "moi", "mon", "ne", "ni", "nos", "notre", "nous", "on", "ou", "par", "pas", "pour", "pres", "qu", "quand", "que",
    "quel", "quelle", "quelles", "quels", "qui", "sa", "sans", "se", "ses", "si", "sont", "sous", "son", "sur", "ta",
    "te", "tes", "toi", "ton", "tu", "un", "une", "vers", "vos", "votre", "vous", "y", "d", "l", "c", "s", "n", "j",
    "m", "t",
})  # fmt: skip

# Small words that a question begins with.
QUESTIONS = frozenset({
    "a", "combien", "comment", "dans", "de", "en", "est", "lequel", "laquelle", "lesquels", "lesquelles", "ou", "par",
    "pourquoi", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi",
})  # fmt: skip

# Two words that are one notion, however they are written ("fab lab", "fab-lab", "fablab").
COMPOUNDS = {
    ("fab", "lab"): "fablab",
    ("fab", "labs"): "fablab",
    ("living", "lab"): "livinglab",
    ("tiers", "lieu"): "tierslieu",
    ("tiers", "lieux"): "tierslieu",
    ("eco", "musee"): "ecomusee",
    ("ludo", "theque"): "ludotheque",
    ("week", "end"): "weekend",
    ("bio", "diversite"): "biodiversite",
    ("geo", "sciences"): "geosciences",
    ("e", "mail"): "email",
}

# Endings brought to the masculine or the singular before Snowball, which expects accents: (ending, shortest word, becomes).
ENDINGS = (
    ("trices", 8, "teur"),
    ("trice", 7, "teur"),
    ("euses", 7, "eur"),
    ("euse", 6, "eur"),
    ("ieres", 7, "ier"),
    ("iere", 6, "ier"),
    ("geres", 7, "ger"),
    ("gere", 6, "ger"),
    ("cheres", 7, "cher"),
    ("chere", 6, "cher"),
    ("illeres", 8, "iller"),
    ("illere", 7, "iller"),
    ("eaux", 5, "eau"),
    ("eau", 4, "eau"),
    ("ees", 7, "e"),
    ("ee", 6, "e"),
)

# Words that Snowball would cut from their family or confuse with another.
STEMS = {
    "jeux": "jeu",
    "jeu": "jeu",
    "lieux": "lieu",
    "lieu": "lieu",
    "feux": "feu",
    "yeux": "oeil",
    "cieux": "ciel",
    "oeufs": "oeuf",
    "environnement": "environnement",
    "environnements": "environnement",
    "environnemental": "environnement",
    "environnementale": "environnement",
    "environnementales": "environnement",
    "environnementaux": "environnement",
    "st": "saint",
    "ste": "saint",
    "sainte": "saint",
    "labo": "laborator",
    "labos": "laborator",
    "laboratoire": "laborator",
    "laboratoires": "laborator",
    "maths": "mathemat",
    "math": "mathemat",
    "mathematique": "mathemat",
    "mathematiques": "mathemat",
    "mathematicien": "mathemat",
    "mathematicienne": "mathemat",
    "univ": "universit",
    "fac": "universit",
    "asso": "associ",
    "assos": "associ",
    "expo": "exposit",
    "expos": "exposit",
    "archeo": "archeolog",
    "bib": "bibliothequ",
    "med": "mediathequ",
}

# Words asked for that also find these: trades and their places, words of everyday for words of notices. Both ways.
SYNONYMS = (
    ("bibliotheque", "bibliothecaire"),
    ("mediatheque", "mediathecaire"),
    ("ludotheque", "ludothecaire"),
    ("mediateur", "mediation"),
    ("science", "scientifique"),
    ("chercheur", "recherche"),
    ("astronomie", "astronome", "astro"),
    ("velo", "bicyclette", "cyclisme"),
    ("ado", "adolescent"),
    ("numerique", "informatique"),
    ("ecologie", "ecologique"),
    ("archeologie", "archeologue"),
    ("geologie", "geologue"),
    ("biologie", "biologiste"),
    ("physique", "physicien"),
    ("chimie", "chimiste"),
    ("histoire", "historien"),
    ("robot", "robotique"),
    ("museum", "musee"),
    ("formateur", "formation"),
    ("enseignant", "enseignement", "professeur"),
    ("jardinier", "jardin"),
    ("eleveur", "elevage"),
    ("ingenieur", "ingenierie"),
    ("archiviste", "archives"),
    ("benevole", "benevolat"),
)

# Endings by which a trade and its place, its act or its field are told from each other: (one, other, fewest letters that
# they share). Asked for, a word finds its kin as well; written in a document, it keeps its own stem.
FEMININE = (("trice", "teur"), ("euse", "eur"), ("iere", "ier"), ("gere", "ger"), ("ienne", "ien"))
KIN = (
    ("thecaire", "theque", 2),
    ("ateur", "ation", 2),
    ("culteur", "culture", 3),
    ("logue", "logie", 2),
    ("logiste", "logie", 2),
    ("icien", "ique", 4),
    ("acien", "acie", 3),
    ("ier", "erie", 3),
    ("ger", "gerie", 3),
    ("sseur", "sserie", 3),
    ("meur", "merie", 4),
)
