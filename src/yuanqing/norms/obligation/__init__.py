"""应履行事项: who owes what by when."""
