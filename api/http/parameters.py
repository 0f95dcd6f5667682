"""What a request brings beside its body: the day it is, the address it came to, and the basket in its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

Keys = Annotated[tuple[str, ...], Query(alias="item")]
Notes = Annotated[tuple[str, ...], Query(alias="note")]


def _calendar(request: Request) -> Callable[[], date]:
    today: Callable[[], date] = request.app.state.page_today
    return today


Today = Annotated[Callable[[], date], Depends(_calendar)]
