"""``KB_ORIGINALS``: what it may say, and where it has nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError

PLACES = [
    ("s3://kb-originals", "s3://kb-originals"),
    (" s3://kb.originals/a/b_c/ ", "s3://kb.originals/a/b_c"),
    ("", None),
]


@pytest.mark.parametrize(("said", "meant"), PLACES)
def test_a_place_in_a_bucket(said: str, meant: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_ORIGINALS", said)

    assert Settings().originals == meant


@pytest.mark.parametrize(
    "said", ["kb-originals", "s3://AKIA:s3cret@kb-originals", "s3://Ñandú", "https://s3/x", "s3://a"]
)
def test_anything_else_is_refused_and_not_said_back(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have put a key into it."""
    monkeypatch.setenv("KB_ORIGINALS", said)

    with pytest.raises(InputError, match=r"KB_ORIGINALS: is not of the form s3://bucket/prefix") as refused:
        Settings()
    assert said not in str(refused.value)


def test_a_folder_has_its_originals_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is named is opened as ever; without KB_STORE the setting is refused, and no base is made."""
    monkeypatch.setenv("KB_ORIGINALS", "s3://kb-originals")
    settings = Settings(base=tmp_path / "base")

    with pytest.raises(InputError, match="KB_STORE names none: a folder has its originals in it"):
        Wiring(settings).store(create=True)
    assert not (tmp_path / "base").exists()
    Wiring(settings, tmp_path / "named").store(create=True).close()
    assert (tmp_path / "named" / "originals").is_dir()
