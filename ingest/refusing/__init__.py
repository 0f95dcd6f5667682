"""What is no finding: every number that claims nothing measured of the world, each with its reason.

Knows nothing of how numbers are read, or who measured.
"""

from ingest.refusing.rules import refuse
from ingest.refusing.settings import Around, Setting

__all__ = ["Around", "Setting", "refuse"]
