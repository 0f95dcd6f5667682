"""The real model for tests marked ``model``: converted once into the cache a setting names."""

import pytest

from bench.conversion import CACHE
from bench.reference import ReferenceEncoder, load_bundled
from index.model.bulk_encoder import load_bulk_encoder
from index.model.bundled_encoder import BundledEncoder
from index.model.query_engine import load_query_engine


@pytest.fixture(scope="session")
def encoder() -> ReferenceEncoder:
    return load_bundled(CACHE)


@pytest.fixture(scope="session")
def asking_encoder() -> ReferenceEncoder:
    return load_bundled(CACHE, asking=True)


@pytest.fixture(scope="session")
def bulk_encoder() -> BundledEncoder:
    return load_bulk_encoder()


@pytest.fixture(scope="session")
def query_engine() -> BundledEncoder:
    return load_query_engine()
