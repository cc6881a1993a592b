"""What came back: files, the forms and registers in them, and which of them count. It scores nothing."""
