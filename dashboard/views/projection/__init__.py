"""How long a budget lasts, what returns to it and when, and what its policy asks for."""
