"""The built-in schemes, as data."""
