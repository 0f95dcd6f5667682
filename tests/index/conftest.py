"""The real model for tests marked ``model``: converted once into the cache a setting names."""

import os
from pathlib import Path

import pytest

from index.model.bulk_encoder import load_bulk_encoder
from index.model.bundled_encoder import BundledEncoder
from index.model.encoder import SentenceEncoder, load_bundled
from index.model.query_engine import load_query_engine


def model_cache() -> Path:
    return Path(os.environ.get("KB_MODEL_CACHE", Path.home() / ".cache" / "cx-knowledge-base"))


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return load_bundled(model_cache())


@pytest.fixture(scope="session")
def bulk_encoder() -> BundledEncoder:
    return load_bulk_encoder()


@pytest.fixture(scope="session")
def query_engine() -> BundledEncoder:
    return load_query_engine()
