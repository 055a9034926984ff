"""Money in a headline, step by step, in both languages."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from fairlink_site import wording
from fairlink_site.actions.people import appoint
from fairlink_site.models import Organisation, Person
from fairlink_site.templatetags.fairlink import gap, of_most


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (150_149_875_620, "150.1 bn CNY", "1,501.5 亿元"),
        (300_000_000, "0.3 bn CNY", "3 亿元"),
        (4_000_000, "CN¥4M", "400 万元"),
        (12_000, "CN¥12K", "1.2 万元"),
        (900, "CN¥900", "¥900"),
    ],
)
def test_money_is_short_and_never_nothing(value, english, chinese):
    with override("en"):
        assert wording.money(Decimal(value), "CNY") == english
    with override("zh-hans"):
        assert wording.money(Decimal(value), "CNY") == chinese


def test_a_field_that_is_needed_says_so_in_the_readers_language(client, edition, exhibitor):
    eve = Person.objects.create_user("eve@example.org", "quay-lantern-9")
    appoint(eve, edition, role="exhibitor", organisation=exhibitor)
    Organisation.objects.filter(pk=exhibitor.pk).update(name={"en": "Old"})
    first = f"name__{edition.languages[0]}"
    client.force_login(eve)
    form = {"kind": "enterprise", "role": "co_exhibitor", "country": "", "delegates": "0"}

    def errors(language):
        page = client.post(f"/{language}/{edition.slug}/organisations/{exhibitor.code}/profile/edit/", form)
        return page.context["form"].errors

    english, french = errors("en"), errors("fr")

    assert english[first] == ["This field is required."]
    assert english["delegates"] == ["0 is too small: 1 or more, please."]
    assert french[first] == ["Ce champ est obligatoire."]
    assert french["delegates"] == ["0 est trop petit : 1 ou plus, s’il vous plaît."]


@pytest.mark.parametrize(
    ("share", "reached", "missing"),
    [(1, "100%", "0%"), (0.99987, "99.98%", "0.02%"), (0.5, "50%", "50%"), (0.999999, "99.99%", "0.01%")],
)
def test_what_is_nearly_reached_is_not_said_to_be_reached(share, reached, missing):
    with override("en"):
        assert (of_most(share), gap(1 - share)) == (reached, missing)
