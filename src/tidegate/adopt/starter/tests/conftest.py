"""The suite against your API. Any fixture of tidegate can be replaced here by one of the same name."""
