"""Official terms are said as the glossary says them, in both languages."""

from __future__ import annotations

import polib
import pytest

from yuanqing.norms.packs import shipped, shipped_packs
from yuanqing.reference.messages import CATALOGUE
from yuanqing.reference.nouns import nouns

TERMS = {term.title: term.english for term in shipped("glossary").of_kind("term")}
ENGLISH = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if not entry.msgctxt}
# The same word means something else on the screen.
OTHERWISE = {
    "研判": "Insight",  # the group of pages, not the act `screen`
    "结账": "Close of the month",
}


def said(english: str) -> str:
    return english.casefold().removesuffix("s")


@pytest.mark.parametrize("term", sorted(TERMS.keys() & ENGLISH.keys()))
def test_a_label_that_is_an_official_term_has_its_english(term):
    assert said(ENGLISH[term]) == said(OTHERWISE.get(term, TERMS[term]))


def test_a_term_has_one_english():
    assert len(TERMS) == len(shipped("glossary").of_kind("term"))


@pytest.mark.parametrize("noun", [n for n in nouns() if n.duty == "discipline"], ids=lambda noun: noun.path)
def test_a_noun_named_in_the_glossary_bears_its_term(noun):
    names = {term.title for term in shipped("glossary").of_kind("term") if term.duty == noun.path}
    assert not names or noun.term in names


@pytest.mark.parametrize("name", sorted(shipped_packs()))
def test_packs_speak_of_official_terms_in_the_same_english(name):
    pack = shipped_packs()[name]
    differing = {
        (entry.title, entry.english)
        for entry in pack.entries
        if entry.kind == "role" and entry.title in TERMS and said(entry.english) != said(TERMS[entry.title])
    }
    assert differing == set()
