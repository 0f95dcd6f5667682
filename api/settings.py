"""Settings, read once from the environment (``KB_…``) and frozen. Options on the command line win over them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

BUNDLED_MODEL = "multilingual-e5-small"


class Settings(BaseSettings):
    """Every setting with its default.

    ``model`` is "multilingual-e5-small" (bundled, needs no network), a folder, or a model's name on a hub.
    ``topic_head`` is a head that ``kb topics train`` wrote, in place of the one that is shipped.
    ``runtime`` is what the bundled model encodes passages with; "sentence-transformers" is the reference, and slower:
    for it the model is converted once into ``model_cache`` (about 470 MB).
    ``network`` lets ``kb ingest`` fetch addresses; beside that nothing goes out but to ``rewrite_url``.
    ``rewrite_url`` and ``rewrite_model`` name a language model that may rewrite answers (off without them; see
    docs/answers.md), ``rewrite_key`` its key; it has ``rewrite_timeout`` seconds, and sends its answer in parts
    with ``rewrite_stream``.
    ``require_key`` asks for a key on loopback too, as behind a proxy; ``rate_per_minute`` counts requests of
    one key or address (0: no limit); ``cors_origins`` are other origins that may read answers (JSON list);
    ``webhook_private`` lets webhooks reach loopback and private addresses.
    """

    model_config = SettingsConfigDict(env_prefix="KB_", frozen=True, extra="ignore")

    base: Path = Path("kb-base")
    model: str = BUNDLED_MODEL
    runtime: Literal["openvino", "sentence-transformers"] = "openvino"
    topic_head: Path | None = None
    model_cache: Path = Field(default_factory=lambda: Path.home() / ".cache" / "cx-knowledge-base")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    require_key: bool = False
    rate_per_minute: int = Field(default=600, ge=0)
    network: bool = False
    rewrite_url: str | None = None
    rewrite_model: str | None = None
    rewrite_key: SecretStr | None = None
    rewrite_timeout: float = Field(default=20.0, gt=0, le=600)
    rewrite_stream: bool = False
    cors_origins: tuple[str, ...] = ()
    webhook_private: bool = False
