"""Measured quality of cleaning and of entities, with floors that only rise."""
