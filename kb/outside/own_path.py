"""What a process of this program may import: its own modules and what is installed, never what lies where it starts.

Owns what comes off the import path, here and in every Python that a library starts from here. An entry point calls it
before it imports anything else, so this module imports only what is loaded by then: not even ``__future__``, for a
file of that name in the current folder would be found first.
"""

import os
import site
import sys

ROOT = os.path.realpath(os.path.join(__file__, "..", "..", ".."))  # noqa: PTH118 - pathlib is not loaded yet
# Lists of folders, in which an empty or relative entry is the current folder: a trailing colon is enough.
_LISTS = ("PYTHONPATH", "PATH", "LD_LIBRARY_PATH")
_FOLDERS = ("PYTHONHOME", "PYTHONUSERBASE", "PYTHONPYCACHEPREFIX")
# What has an interpreter read a file or a terminal that nobody here asked for.
_HOOKS = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT")


def close_path() -> None:
    """Take the current folder off the import path of this process and of every Python that is started from it."""
    sys.path[:] = closed(sys.path)
    environment = closed_environment()
    os.environ.clear()
    os.environ.update(environment)


def closed_environment() -> dict[str, str]:
    """The environment of this process, by which no Python and no loader looks into the current folder."""
    environment = {name: value for name, value in os.environ.items() if name not in _HOOKS}
    for name in _LISTS:
        if name in environment:
            environment[name] = os.pathsep.join(closed(environment[name].split(os.pathsep)))
    for name in _FOLDERS:
        if not os.path.isabs(environment.get(name, os.sep)):  # noqa: PTH117
            del environment[name]
    for name in _LISTS:
        if not environment.get(name, "-"):  # an empty one names the current folder again
            del environment[name]
    return {**environment, "PYTHONSAFEPATH": "1"}


def closed(paths: list[str]) -> list[str]:
    """The absolute ones of these folders, without the current one unless this program is installed in it."""
    try:
        here = os.path.realpath(os.curdir)
    except OSError:  # the folder was removed meanwhile
        here = ""
    installed = {ROOT, *map(os.path.realpath, site.getsitepackages())}
    return [path for path in paths if os.path.isabs(path) and os.path.realpath(path) not in {here} - installed]  # noqa: PTH117
