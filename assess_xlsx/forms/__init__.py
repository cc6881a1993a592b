"""What people get: blank and refilled forms, the blank register. It reads nothing back."""
