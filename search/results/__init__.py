"""Results: a query run on one snapshot of the index, and counted, paged and explained."""
