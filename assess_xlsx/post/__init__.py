"""The post: letters to the units and the forms that came back. Only ``mail`` commands load anything of it."""
