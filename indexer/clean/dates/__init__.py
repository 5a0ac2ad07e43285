"""Dates as news writes them, in many languages, scripts and calendars."""
