"""core.pdf: accessible documents, the same for the same data, in which what people typed is text."""

import io
import re

import pytest
from pypdf import PdfReader

from maillage.core.pdf import render, tree

DATA = {
    "title": "Preuve de l'essai",
    "network": "Réseau d'Occitanie",
    "sentence": "Le musée a signé.",
    "withdrawn": "",
    "facts": [("Structure", "Musée des œufs & Cie"), ("Signée par", 'Zoé #panic("non") $x$ *gras* @ici')],
    "how": "Comment.",
    "charter": "Charte 1.0",
    "body": tree("<h2>Un titre</h2><p>Du <strong>texte</strong>.</p>"),
}


def proof(**changes):
    return render("directory/pdf/charter.typ", {**DATA, **changes})


def text_of(pdf):
    """What a reader extracts, words on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def objects_of(pdf):
    """The catalogue of a document, in clear: streams are of no use here."""
    return pdf.decode("latin-1")


def test_a_document_is_tagged_titled_and_in_french():
    catalogue = objects_of(proof())
    assert re.search(r"/MarkInfo\s*<<\s*/Marked true", catalogue)
    assert "/StructTreeRoot" in catalogue
    assert re.search(r"/Lang\s*\(fr\)", catalogue)
    assert re.search(r"/DisplayDocTitle true", catalogue)
    assert "pdfuaid:part" in catalogue
    assert {"/H1", "/H2", "/P"} <= set(re.findall(r"/S\s*(/\w+)", catalogue))


def test_the_same_data_give_the_same_bytes():
    assert proof() == proof()
    assert proof() != proof(sentence="Le musée a bien signé.")


def test_what_someone_typed_is_text_and_never_instructions():
    read = text_of(proof())
    assert 'Zoé #panic("non") $x$ *gras* @ici' in read
    assert "Musée des œufs & Cie" in read


def test_rich_text_keeps_its_titles_lists_tables_and_words():
    body = (
        "<h2>Valeurs</h2><p>Lire <a href='https://exemple.fr'>la suite</a><br>ici.</p><ul><li><p>un</p></li><li>deux</li></ul>"
        "<ol><li>trois</li></ol><blockquote><p>cité</p></blockquote><p lang='oc'>Adieu</p>"
        "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></tbody></table>"
    )
    pdf = proof(body=tree(body))
    read = text_of(pdf)
    assert [
        word
        for word in ("Valeurs", "la suite", "un", "deux", "trois", "cité", "Adieu", "A", "B", "1")
        if word not in read
    ] == []
    assert "https://exemple.fr" in objects_of(pdf)
    assert {"/L", "/LI", "/Table", "/TH", "/Link"} <= set(re.findall(r"/S\s*(/\w+)", objects_of(pdf)))


def test_a_tree_holds_only_what_the_allow_list_keeps():
    assert tree("<p onclick='x'>a<script>b</script> &amp; c</p>") == [{"tag": "p", "children": ["a & c"]}]


def test_the_blanks_between_blocks_make_no_paragraph_and_those_between_words_stay():
    assert tree("<ul>\n<li>a <em>b</em> c</li>\n</ul>\n<p>d</p>") == [
        {"tag": "ul", "children": [{"tag": "li", "children": ["a ", {"tag": "em", "children": ["b"]}, " c"]}]},
        {"tag": "p", "children": ["d"]},
    ]


def test_a_template_reads_nothing_of_the_machine(tmp_path, monkeypatch):
    import typst
    from django.apps import apps

    from maillage.core import pdf

    folder = tmp_path / "templates" / "core"
    folder.mkdir(parents=True)
    (folder / "x.typ").write_text('#read("/etc/passwd")')
    monkeypatch.setattr(apps.get_app_config("core"), "path", str(tmp_path))
    with pytest.raises(typst.TypstError, match=r"not found|outside|failed to load"):
        pdf.render("core/x.typ", {"title": "x"})
