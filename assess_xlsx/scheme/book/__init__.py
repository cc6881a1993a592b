"""The scheme as a workbook that an office can edit: its sheets described once, read and written."""
