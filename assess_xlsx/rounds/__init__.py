"""One result against another: read back, compared, closed, checked again. It computes no score and writes no file."""
