"""Lists of records whose truth is known: those of ../shared, and any number of made-up ones."""

import csv
from collections import defaultdict
from collections.abc import Callable, Hashable
from itertools import combinations
from pathlib import Path
from random import Random

from maillage.linkage.queries.records import Record

# Records, and for each the actor it is of.
Truth = tuple[list[Record], list[Hashable]]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def corrupted_museums(shared: Path) -> Truth:
    """Museums whose mentions were spoilt on purpose: the set that the shipped weights learn from."""
    folder = shared / "refs" / "linkage"
    entity = {row["id"]: row["entity"] for row in _rows(folder / "fr_dev_truth.csv")}
    records = [
        Record(
            key=row["id"],
            name=row["name"],
            address=row["address"],
            postal_code=row["cp"],
            city=row["city"],
            latitude=_degrees(row["lat"]),
            longitude=_degrees(row["lon"]),
            phones=(row["phone"],),
            websites=(row["url"],),
        )
        for row in _rows(folder / "fr_dev.csv")
    ]
    return records, [entity[str(record.key)] for record in records]


def museums(shared: Path) -> Truth:
    rows = _rows(shared / "data" / "linkage" / "musees_mentions.csv")
    records = [
        Record(
            key=number,
            name=row["nom"],
            address=row["adresse"],
            postal_code=row["code_postal"],
            city=row["ville"],
            department=row["departement"],
            websites=(row["url"],),
        )
        for number, row in enumerate(rows)
    ]
    return records, [row["museofile_id"] for row in rows]


def associations(shared: Path) -> Truth:
    """Known by name alone; the key of the list, stuck to the names of 2014, is taken off: it is the truth asked for."""
    rows = _rows(shared / "data" / "linkage" / "associations_montpellier_mentions.csv")
    records = [
        Record(key=number, name=row["structure"].removesuffix(f"CA{row['code_asso']}!").strip())
        for number, row in enumerate(rows)
    ]
    return records, [row["code_asso"] for row in rows]


def schools(shared: Path) -> Truth:
    """Universities and schools in 2020 and in 2023, without their identifiers."""
    records, truth = [], []
    for row in _rows(shared / "data" / "linkage" / "esr_etablissements_pairs.csv"):
        for year in ("2020", "2023"):
            name, city, site = (row[f"{field}_{year}"] for field in ("nom", "commune", "url"))
            acronym = row["sigle"] if year == "2023" else ""
            records.append(Record(key=f"{row['uai']}-{year}", name=name, acronym=acronym, city=city, websites=(site,)))
            truth.append(row["uai"])
    return records, truth


def true_pairs(truth: list[Hashable]) -> set[tuple[int, int]]:
    of_one = defaultdict(list)
    for position, actor in enumerate(truth):
        of_one[actor].append(position)
    return {pair for positions in of_one.values() for pair in combinations(positions, 2)}


def halves(known: Truth, seed: int) -> tuple[Truth, Truth]:
    """Two lists without an actor in common."""
    records, truth = known
    actors = sorted(set(truth), key=str)
    Random(seed).shuffle(actors)
    first = set(actors[::2])

    def part(inside: bool) -> Truth:
        kept = [position for position, actor in enumerate(truth) if (actor in first) is inside]
        return [records[position] for position in kept], [truth[position] for position in kept]

    return part(True), part(False)


_SYLLABLES = [
    "ba",
    "bel",
    "bor",
    "ca",
    "car",
    "cham",
    "col",
    "dan",
    "dur",
    "fa",
    "fer",
    "gar",
    "gui",
    "jo",
    "la",
    "lan",
    "lau",
    "li",
    "lo",
    "ma",
    "mar",
    "mi",
    "mon",
    "na",
    "nou",
    "pa",
    "per",
    "pi",
    "ra",
    "ro",
    "sa",
    "sau",
    "ta",
    "tou",
    "va",
    "ver",
    "vi",
]
_KINDS = [
    "Musée",
    "Médiathèque",
    "Association",
    "Théâtre",
    "Bibliothèque",
    "Maison",
    "Centre",
    "Amis",
    "Société",
    "Lycée",
    "Collège",
    "École",
    "Cercle",
    "Atelier",
    "Festival",
    "Observatoire",
]
_ABOUT = [
    "sciences",
    "histoire naturelle",
    "arts et traditions",
    "astronomie",
    "géologie",
    "patrimoine",
    "nature",
    "environnement",
    "cinéma",
    "jeunes",
    "robotique",
    "mathématiques",
    "archéologie",
    "beaux-arts",
    "jardin",
    "culture",
]


def made_up(size: int, *, copies: float = 0.1, seed: int = 1) -> Truth:
    """`size` actors of invented communes, a share `copies` of them a spoilt copy of another."""
    random = Random(seed)

    def word(count: int) -> str:
        return "".join(random.choice(_SYLLABLES) for _ in range(count)).capitalize()

    communes = [(word(3), f"{random.randint(1, 95):02d}{random.randint(0, 999):03d}") for _ in range(4000)]
    records: list[Record] = []
    truth: list[Hashable] = []
    for number in range(size):
        if records and random.random() < copies:
            of = random.randrange(len(records))
            records.append(_spoilt(records[of], number, random))
            truth.append(truth[of])
            continue
        city, postal_code = communes[int(random.random() ** 2 * len(communes))]
        name = f"{random.choice(_KINDS)} {random.choice(_ABOUT)}"
        name += f" {word(2)} {word(2)}" if random.random() < 0.7 else f" de {city}"
        records.append(
            Record(
                key=number,
                name=name,
                city=city,
                postal_code=postal_code,
                address=f"{random.randint(1, 90)} rue {word(2)} {word(2)}",
                phones=(f"0{random.randint(1, 5)}{random.randint(10**7, 10**8 - 1)}",) if random.random() < 0.6 else (),
                websites=(f"https://{word(3).lower()}.fr/{number % 7}",) if random.random() < 0.5 else (),
            )
        )
        truth.append(number)
    return records, truth


def _spoilt(record: Record, key: Hashable, random: Random) -> Record:
    spoil: list[Callable[[str], str]] = [
        str.upper,
        lambda name: f"Association {name}",
        lambda name: name[: (at := random.randrange(len(name)))] + name[at + 1 :],
        lambda name: " ".join(reversed(name.split())),
        lambda name: name,
    ]

    def kept(values: tuple[str, ...]) -> tuple[str, ...]:
        return values if random.random() < 0.5 else ()

    return Record(
        key=key,
        name=random.choice(spoil)(record.name),
        city=record.city if random.random() < 0.8 else "",
        postal_code=record.postal_code if random.random() < 0.8 else "",
        address=record.address if random.random() < 0.5 else "",
        phones=kept(record.phones),
        websites=kept(record.websites),
    )
