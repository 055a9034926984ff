"""Both languages are complete, and translations keep what their messages hold."""

import re

from babel.messages.pofile import read_po

from fairlink_site.catalogues import LOCALE, compile_catalogues, untranslated


def test_every_sentence_of_templates_and_code_is_translated():
    assert untranslated() == {"zh_Hans": []}


def test_translations_fill_in_the_same_data_as_their_messages():
    with (LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        said = message.id if isinstance(message.id, str) else message.id[-1]
        told = message.string if isinstance(message.string, str) else message.string[-1]
        if said:
            assert set(re.findall(r"%\(\w+\)s", said)) == set(re.findall(r"%\(\w+\)s", told)), said


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path):
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "a"\nmsgstr "甲"\n'
    )

    first, second = compile_catalogues(tmp_path), compile_catalogues(tmp_path)

    assert (first, second) == ([source.with_suffix(".mo")], [])
