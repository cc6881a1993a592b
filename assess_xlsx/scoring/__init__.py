"""From answers to ranks: values in, values out. It opens no file and writes none."""
