"""The example API: users and their orders."""
