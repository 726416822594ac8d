"""An API with planted deviations from its document, one at a time, and its clean twin."""
