"""« Qui pourrait faire X dans le département Y pour le public Z ? »: what a question means, and who answers it, with reasons."""

from maillage.outreach.queries.question.answering import Answers, Candidate, answers_to
from maillage.outreach.queries.question.offers import Offered, offers_answering
from maillage.outreach.queries.question.understanding import Chip, Question, read_question

__all__ = ["Answers", "Candidate", "Chip", "Offered", "Question", "answers_to", "offers_answering", "read_question"]
