"""``mount``: every view of the page and its static files, added to an application. No view is written here."""

from collections.abc import Callable
from datetime import date

from fastapi import FastAPI

from api.page import asset_view
from api.page.failing import answer_people
from api.page.views import (
    adding,
    covering,
    drafting,
    figures_files,
    figures_table,
    originals,
    record_form,
    searching,
)
from api.page.views import basket_view as collecting
from api.page.views import cite_dialog as citing
from api.page.views import contract_view as documenting
from api.page.views import reader as reading
from api.page.views import sign_in as signing
from api.page.views.originals import drawn_by
from api.page.views.sign_in import refusal_page
from kb.records.ports import PagePictures

_ROUTERS = (
    asset_view.router,
    searching.router,
    reading.router,
    record_form.router,
    originals.router,
    figures_table.router,
    figures_files.router,
    covering.router,
    citing.router,
    collecting.router,
    drafting.router,
    documenting.router,
    adding.router,
    signing.router,
)


def mount(app: FastAPI, today: Callable[[], date] = date.today, pictures: PagePictures | None = None) -> None:
    """Add the page to an application that has its base in ``app.state.knowledge_base``.

    ``today`` is the day that citations name as the day of access; ``pictures`` draws the pages of PDFs (null: they
    are not shown).
    """
    app.state.page_today = today
    app.state.page_drawn = drawn_by(pictures) if pictures else None
    app.state.refusal_page = refusal_page
    answer_people(app)
    for router in _ROUTERS:
        app.router.routes.extend(router.routes)  # as they are, so that the gate sees what each declares
