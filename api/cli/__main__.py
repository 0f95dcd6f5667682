"""``python -m api.cli`` is ``kb``."""

from api.cli import main

main()
