"""What the processor can compute in."""

from __future__ import annotations

from pathlib import Path


def has_bfloat16(information: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor computes in bfloat16 (AVX512-BF16 or AMX); false where it cannot be asked."""
    try:
        flags = information.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return any(f" {flag}" in flags for flag in ("avx512_bf16", "amx_bf16"))
