"""The names of what lies in the folder of a base beside its database, and how old a left-over file is."""

from __future__ import annotations

INCOMING = "incoming"
# What a repair changes or takes away is put there first.
SET_ASIDE = "set-aside"
# In ``incoming``: held by the one server that runs the jobs of a base; a killed process loses it.
LOCK = ".lock"
# A half-written file this old belongs to a process that has ended; a younger one may be another process's.
LEFT_OVER_SECONDS = 3600.0
