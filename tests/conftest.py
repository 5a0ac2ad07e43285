"""Settings for all tests: none depends on how fast the machine is."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("dateline", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("dateline")

pytest_plugins = ["tests.places"]
