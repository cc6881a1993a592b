"""The scheme as a workbook that an office edits: its sheets described once, read and written. No model is built."""
