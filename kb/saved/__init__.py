"""The evidence pack: a zip with an answer and all that proves it, to be checked on any machine without a base."""

from kb.saved.pack_layout import EXCERPT_MARGIN
from kb.saved.pack_reading import Pack, PackReport, read_pack, verify_pack
from kb.saved.pack_writing import write_pack

__all__ = ["EXCERPT_MARGIN", "Pack", "PackReport", "read_pack", "verify_pack", "write_pack"]
