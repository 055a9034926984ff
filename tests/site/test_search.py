"""Finding organisations by words, in scripts with spaces and without."""

import pytest

from fairlink_site import search
from fairlink_site.models import Organisation


@pytest.fixture
def named(edition):
    """Four organisations whose tokens we know; the action that opens an edition fills them the same way."""
    from fairlink_site.actions.records import index

    texts = {
        "shenzhen": "深圳市锂电池隔膜有限公司 battery separators",
        "lao": "ກາເຟ ປາກຊອງ Paksong Coffee",
        "cafe": "Café Brûlerie São Tomé",
        "moscow": "Москва литейный завод",
    }
    base = edition.organisations.first()
    made = {}
    for code, text in texts.items():
        made[code] = Organisation.objects.create(
            edition=edition,
            code=code,
            name={"en": text},
            kind=base.kind,
            role=base.role,
            country="CN",
            tokens=" ".join(dict.fromkeys(search.tokens(text))),
        )
    index(list(made.values()))
    return edition.organisations.filter(code__in=texts)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("深圳", ["shenzhen"]),
        ("电池", ["shenzhen"]),
        ("隔膜 锂电", ["shenzhen"]),
        ("池电", []),
        ("batt", ["shenzhen"]),
        ("SEPARATORS battery", ["shenzhen"]),
        ("ປາກຊອງ", ["lao"]),
        ("cafe brulerie", ["cafe"]),
        ("CAFÉ", ["cafe"]),
        ("москва", ["moscow"]),
        ("coffee steel", []),
        ("", ["cafe", "lao", "moscow", "shenzhen"]),
        ("  ", ["cafe", "lao", "moscow", "shenzhen"]),
    ],
)
def test_words_find_what_holds_all_of_them(named, query, found):
    assert sorted(search.matching(named, query).values_list("code", flat=True)) == found


@pytest.mark.parametrize(
    "query", ['"', "'", "a OR b", "a* NOT b", "x\x00y", "(((", ":*", "\\", "é" * 500, "🙂"]
)
def test_no_query_is_an_error(named, query):
    assert list(search.matching(named, query)) is not None


def test_the_tokens_of_a_chinese_text_are_its_characters_and_pairs():
    assert search.tokens("深圳AI") == ["深", "圳", "深圳", "ai"]
