"""Saved answers and evidence packs: written, read back, and checked without a base or a model."""

from kb.saved.pack_reading import Pack, PackReport, read_pack, verify_pack
from kb.saved.pack_writing import EXCERPT_MARGIN, write_pack

__all__ = ["EXCERPT_MARGIN", "Pack", "PackReport", "read_pack", "verify_pack", "write_pack"]
