"""Settings: `dateline.yaml` parsed once, checked whole, into frozen dataclasses."""
