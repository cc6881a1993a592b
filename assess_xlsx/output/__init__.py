"""What the program writes and where: whole or not at all, beside what is people's and never in its place."""
