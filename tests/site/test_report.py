"""Figures on the site: counted by the action, defined on the page, open to be counted again."""

import json
from decimal import Decimal

from fairlink_site.actions.report import count_figures


def test_the_figures_page_defines_every_figure_it_shows(client, edition):
    page = client.get(f"/en/{edition.slug}/figures/").content.decode()

    for figure in edition.figures.all():
        assert f'id="{figure.code}"' in page
    assert "Organisations with a stand, main and co-exhibitors, each counted once." in page


def test_a_figure_opens_into_the_rows_it_counts(client, edition):
    figure = edition.figures.get(code="exhibitors")

    page = client.get(f"/en/{edition.slug}/figures/exhibitors/").content.decode()

    assert len(figure.rows) == figure.value
    assert f"organisations/{figure.rows[0]}/" in page


def test_every_figure_has_a_page_of_its_own(client, edition):
    statuses = {
        figure.code: client.get(f"/zh-hans/{edition.slug}/figures/{figure.code}/").status_code
        for figure in edition.figures.all()
    }

    assert set(statuses.values()) == {200}


def test_the_figures_as_data_lose_no_cent(client, edition):
    found = client.get(f"/en/{edition.slug}/figures.json").json()

    told = {figure["code"]: Decimal(figure["value"]) for figure in found["figures"]}
    assert told == {figure.code: figure.value for figure in edition.figures.all()}
    assert found["sample"] is True
    assert json.dumps(found, ensure_ascii=False)


def test_counting_again_changes_nothing(edition):
    before = list(edition.figures.values_list("code", "value", "unit", "rows"))

    count_figures(edition)

    assert list(edition.figures.values_list("code", "value", "unit", "rows")) == before
