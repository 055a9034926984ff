"""Every language says all that it should, and translations keep what their messages hold."""

import re

import pytest
from babel.messages.pofile import read_po

from fairlink_site.catalogues import (
    LOCALE,
    OF_ORGANISERS,
    PACKAGE,
    compile_catalogues,
    messages,
    untranslated,
)

LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")


def test_every_sentence_of_templates_and_code_is_translated():
    assert untranslated() == {language: [] for language in LANGUAGES}


def test_what_is_kept_for_organisers_is_there_and_is_not_most():
    for name in OF_ORGANISERS:
        assert list(PACKAGE.glob(f"{name}*")), name
    assert len(messages(whole=False)) > len(messages()) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_in_the_same_data_as_their_messages(language):
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        said = message.id if isinstance(message.id, str) else message.id[-1]
        forms = [message.string] if isinstance(message.string, str) else message.string
        if said:
            for told in filter(None, forms):
                assert held(told) == held(said), said


def held(text):
    """The data that a message fills in."""
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n'
    )

    first, second = compile_catalogues(tmp_path), compile_catalogues(tmp_path)

    assert (first, second) == ([source.with_suffix(".mo")], [])
