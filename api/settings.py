"""Settings, read once from the environment (``KB_…``) and frozen. Options on the command line win over them."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from api.http.proxies import network
from kb.citing.reference import is_loopback, safe_url
from kb.records.errors import InputError
from kb.records.messages import say, told

_PREFIX = "KB_"
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[\w./-]*)?", re.ASCII)
BUNDLED_MODEL = "multilingual-e5-small"
FITTED_JUDGE, READING_JUDGE, CHAT_JUDGE = "fitted", "reading", "chat"


def program_version() -> str:
    """The version of the program as it is installed ("0.1.0")."""
    from importlib.metadata import version

    return version("cx-knowledge-base")


class Settings(BaseModel):
    """Every setting with its default.

    ``store`` is the address of a base in PostgreSQL, which may hold a password; without it the base is the folder
    ``base``, which otherwise takes what is this machine's alone. ``originals`` is where a new one of these keeps its
    originals in place of the database, ``s3://bucket/prefix``.
    ``model`` is "multilingual-e5-small" (bundled, needs no network), a folder, or a model's name on a hub.
    ``judge`` is "reading" (shipped), "fitted" (the same without its reader of question and sentences, six times as
    fast), "chat" (the language model behind ``chat_url``, which only chooses among sentences), a folder, or the name
    of a cross-encoder on a hub.
    ``topic_head`` is a head that ``kb topics train`` wrote, in place of the one that is shipped.
    ``network`` lets ``kb ingest``, and jobs of a server, fetch addresses; beside that nothing goes out but to webhooks
    that somebody made.
    ``ocr`` reads text off pictures and scanned pages, of what is uploaded too, as ``kb ingest --ocr`` does.
    ``chat_url`` and ``chat_model`` name a language model behind an endpoint of the OpenAI chat protocol (none without
    them), ``chat_key`` its key; it has ``chat_timeout`` seconds, and sends its answer in parts with ``chat_stream``.
    It is asked only where ``judge`` says so.
    ``require_key`` asks for a key on loopback too, as behind a proxy; ``rate_per_minute`` counts requests of
    one key or address (0: no limit); ``cors_origins`` are other origins that may read answers;
    ``trusted_proxies`` are addresses and networks of proxies that say for whom they ask (nobody else is believed);
    ``webhook_private`` lets webhooks reach loopback and private addresses. ``public_url`` is where others reach this
    server: only with it do references have a link into the base. ``dossier_template`` is a DOCX file whose styles,
    page, headers and footers the exported dossiers have.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, hide_input_in_errors=True)

    base: Path = Path("kb-base")
    store: SecretStr | None = None
    originals: str | None = None
    model: str = BUNDLED_MODEL
    judge: str = READING_JUDGE
    topic_head: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    require_key: bool = False
    rate_per_minute: int = Field(default=600, ge=0)
    network: bool = False
    ocr: bool = False
    chat_url: str | None = None
    chat_model: str | None = None
    chat_key: SecretStr | None = None
    chat_timeout: float = Field(default=20.0, gt=0, le=600)
    chat_stream: bool = False
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    webhook_private: bool = False
    public_url: str | None = None
    dossier_template: Path | None = None

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**{**_set_in(os.environ, type(self).model_fields), **given})
        except ValidationError as error:
            first = error.errors()[0]
            name = f"{_PREFIX}{first['loc'][0]}".upper()
            raise InputError(say("setting", name=name), _wrong(first), say("see_docs_settings_md")) from None

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A list that stands in the environment, as JSON or with commas."""
        if not isinstance(value, str):
            return value
        if not value.lstrip().startswith("["):
            return [one.strip() for one in value.split(",") if one.strip()]
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(say("is_not_a_json_list")) from None

    @field_validator("store")
    @classmethod
    def _engine(cls, value: SecretStr | None) -> SecretStr | None:
        address = "" if value is None else value.get_secret_value().strip()
        if address and not address.startswith(("postgresql://", "postgres://")):
            raise ValueError(say("is_no_postgresql_address"))
        return SecretStr(address) if address else None

    @field_validator("originals")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        if not _BUCKET.fullmatch(value.strip()):  # never said back: somebody may have put a key into it
            raise ValueError(say("is_no_place_in_a_bucket"))
        return value.strip().rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        address = safe_url(value)
        if address is None:
            raise ValueError(say("is_no_web_address", url=value))
        if is_loopback(address):
            raise ValueError(say("is_an_address_of_this_machine", url=value))
        return address.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _named(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for place, one in enumerate(value, start=1):
            try:
                network(one)
            except ValueError as error:
                raise ValueError(say("has_a_wrong_entry_number", number=place, fault=error)) from None
        return value


def _set_in(environment: Mapping[str, str], names: Mapping[str, object]) -> dict[str, str]:
    """What is set of these names; the case of a variable's name does not matter."""
    lowered = {name.lower(): value for name, value in environment.items() if name.upper().startswith(_PREFIX)}
    return {name: lowered[key] for name in names if (key := f"{_PREFIX}{name}".lower()) in lowered}


def _wrong(fault: Any) -> str:
    """The reason in plain words: what a check of ours says, or what the validator means."""
    from api.http.field_faults import wrong_with

    if fault["type"] == "value_error":
        return told(fault["ctx"]["error"])
    return wrong_with(fault)
