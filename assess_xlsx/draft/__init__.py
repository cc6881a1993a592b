"""A first draft of a scheme from the official notice: its tables and sentences, and what a person has to confirm."""
