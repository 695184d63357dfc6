"""应履行事项: who owes what by when."""

SERVES = ("speech.0.2", "speech.0.3")  # rows of the requirements
