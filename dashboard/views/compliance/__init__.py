"""Past periods and several windows: what was kept, by the target then in force."""
