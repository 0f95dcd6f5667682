"""Settings, read once from the environment (``KB_…``) and frozen. Options on the command line win over them."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

BUNDLED_MODEL = "multilingual-e5-small"


class Settings(BaseSettings):
    """Every setting with its default.

    ``model`` is "multilingual-e5-small" (bundled, needs no network), a folder, or a model's name on a hub.
    ``model_cache`` is where the bundled model is kept once converted (about 470 MB).
    """

    model_config = SettingsConfigDict(env_prefix="KB_", frozen=True, extra="ignore")

    base: Path = Path("kb-base")
    model: str = BUNDLED_MODEL
    model_cache: Path = Field(default_factory=lambda: Path.home() / ".cache" / "cx-knowledge-base")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
