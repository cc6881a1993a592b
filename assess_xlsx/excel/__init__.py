"""Spreadsheets as files: are bytes safe, what do cells hold, how are workbooks written. It knows no assessment."""
