"""What a run has found out, as workbooks. It decides nothing."""
