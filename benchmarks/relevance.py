"""How well the right passage is found by a question in plain French: part of `python3 run.py bench`.

    python -m benchmarks.relevance [--every N]     on the database of the environment, which it fills; one line of JSON

Two sets of ../shared, whose every question has one right passage: PIAF (761 passages of an encyclopedia, 3,835 questions) and
the answers of the CNIL (512). The search of the product is asked each question as a visitor would; beside it, in the same run,
plain BM25 over every passage: words folded (case and accents), no stems, no stop words, title and text one bag, k1 = 1.2,
b = 0.75, idf ln(1 + (N − n + ½) / (n + ½)).
"""

import argparse
import json
import math
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks.metrics import in_order, ndcg, recall, reciprocal_rank

SHARED = Path(os.environ.get("MAILLAGE_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
K1, B = 1.2, 0.75
DEEPEST = 100  # Answers looked at; what is further is not found.
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Collection:
    """`passages`: (title, text); `questions`: (question, number of its passage)."""

    name: str
    passages: list[tuple[str, str]]
    questions: list[tuple[str, int]]


def collections(shared: Path) -> list[Collection]:
    """Those that are there."""
    found = []
    piaf, cnil = shared / "data" / "text" / "piaf-v1.0.json", shared / "refs" / "ranking" / "cnil_faq_fr.json"
    if piaf.exists():
        articles = json.loads(piaf.read_text(encoding="utf-8"))["data"]
        paragraphs = [(_TAG.sub("", each["title"]), part) for each in articles for part in each["paragraphs"]]
        asked = [(told["question"], number) for number, (_, part) in enumerate(paragraphs) for told in part["qas"]]
        found.append(Collection("PIAF", [(title, part["context"]) for title, part in paragraphs], asked))
    if cnil.exists():
        rows = json.loads(cnil.read_text(encoding="utf-8"))
        asked = [(row["q"], number) for number, row in enumerate(rows)]
        found.append(Collection("CNIL", [("", row["doc"]) for row in rows], asked))
    return found


class Bm25:
    """The reference: what any library of ranking does."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        bags = [Counter(_words(text)) for text in texts]
        usual = fmean(bag.total() for bag in bags)
        self.held: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, bag in enumerate(bags):
            room = K1 * (1 - B + B * bag.total() / usual)
            for word, times in bag.items():
                self.held[word].append((number, times * (K1 + 1) / (times + room)))

    def rank(self, question: str) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word, times in Counter(_words(question)).items():
            holders = self.held.get(word, [])
            rarity = math.log(1 + (self.size - len(holders) + 0.5) / (len(holders) + 0.5))
            for number, worth in holders:
                scores[str(number)] += times * rarity * worth
        return in_order(scores)[:DEEPEST]


def _words(text: str) -> list[str]:
    from maillage.core.text import folded

    return folded(text).split()


def judged(questions: Sequence[tuple[str, int]], rank: Callable[[str], list[str]]) -> dict[str, Any]:
    figures: dict[str, list[float]] = defaultdict(list)
    for question, right in questions:
        begun = time.process_time()
        ranked = rank(question)
        figures["ms"].append(1000 * (time.process_time() - begun))
        relevance = {str(right): 1}
        figures["recall"].append(recall(ranked, relevance, 5))
        figures["mrr"].append(reciprocal_rank(ranked, relevance))
        figures["ndcg"].append(ndcg(ranked, relevance, 10))
    return {name: fmean(values) for name, values in figures.items() if name != "ms"} | {"ms": median(figures["ms"])}


def measured(collection: Collection, every: int) -> dict[str, Any]:
    from maillage.networks.models import Network
    from maillage.search.actions import index
    from maillage.search.queries import search
    from maillage.search.registry import SearchDocument

    network = Network.objects.create(
        name=collection.name, slug=collection.name.lower(), host=f"{collection.name.lower()}.example"
    )
    index(
        SearchDocument("passage", number, network.pk, title or text[:1], f"/{number}/", text=text)
        for number, (title, text) in enumerate(collection.passages)
    )
    network.refresh_from_db()
    reference = Bm25([f"{title} {text}" for title, text in collection.passages])

    def ours(question: str) -> list[str]:
        return [str(hit.object_id) for hit in search(network, question, limit=DEEPEST).hits]

    questions = collection.questions[::every]
    return {
        "questions": len(questions),
        "passages": len(collection.passages),
        "reference": judged(questions, reference.rank),
        "search": judged(questions, ours),
    }


def show(kind: str, figures: dict[str, Any]) -> list[str]:
    """A table for each set; the aims that were missed: better than the reference, by every figure."""
    missed = []
    for name, told in figures.items():
        print(f"\n## Pertinence : {told['questions']} questions, {told['passages']} passages ({name}), {kind}\n")
        print("| mesure | BM25 simple | recherche | but | tenu |\n|---|---:|---:|---|---|")
        for key, label in (("recall", "rappel à 5"), ("mrr", "MRR"), ("ndcg", "nDCG à 10")):
            reference, ours = told["reference"][key], told["search"][key]
            held = ours > reference
            if not held:
                missed.append(f"{name}, {kind} : {label} {ours:.3f}, BM25 {reference:.3f}")
            print(f"| {label} | {reference:.3f} | {ours:.3f} | > BM25 | {'oui' if held else 'NON'} |")
        print(f"| une question, médiane | {told['reference']['ms']:.1f} ms | {told['search']['ms']:.1f} ms | | |")
    sys.stdout.flush()
    return missed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    chosen = parser.parse_args()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    figures = {each.name: measured(each, chosen.every) for each in collections(SHARED)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
