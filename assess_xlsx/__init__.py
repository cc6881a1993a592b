"""assess-xlsx: forms out, forms in, ranking out, for a county's yearly 百分制 assessment."""

__version__ = "0.1.0"
