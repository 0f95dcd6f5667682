"""Routes that give as records what the page shows: coverage, the places of a basket, the judgements of a draft."""

from fastapi import APIRouter, Depends, Request

from api.files.dossier import DossierEntry
from api.files.dossier_words import Writing
from api.files.dossiers import basket_entries
from api.http.auth import needs
from api.http.bodies import DraftBody
from api.http.field_faults import Keys, Notes, Today
from api.routes.arguments import Base, known_parameters, unless_changed
from api.service.basket import read_basket
from api.service.coverage import CoverageCell, coverage
from api.service.draft_check import CheckedDraft, check_draft
from api.words.wording import accepted_language
from kb.citing import Style
from kb.records.operation import Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["view"])
READ = needs(Scope.READ)


@router.get("/coverage", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_coverage(base: Base) -> tuple[CoverageCell, ...]:
    """How many passages there are by topic, language and year, the gaps too."""
    return coverage(base)


@router.get("/basket", openapi_extra=READ)
def get_basket(request: Request, base: Base, today: Today, keys: Keys = (), notes: Notes = ()) -> list[DossierEntry]:
    """Places with notes ("p0123456789abcdef:10-90"), each with its quote and citation; 404 for one that is gone."""
    language = accepted_language(request.headers.get("accept-language"))
    return basket_entries(base, read_basket(keys, notes), Writing(Style.APA, language, today()))


@router.post("/drafts", openapi_extra=READ)
def post_drafts(base: Base, body: DraftBody) -> CheckedDraft:
    """Each figure of a text judged against the statistics of the base. The text is not kept."""
    return check_draft(base, body.text)
