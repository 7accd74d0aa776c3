"""The report of budgets: for people, for spreadsheets and for programs."""
