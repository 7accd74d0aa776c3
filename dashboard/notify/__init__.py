"""How alerts reach people: what is told, through which channel, until it was accepted."""
