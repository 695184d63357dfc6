"""五个突出问题自查: what a leading cadre finds in himself about five problems, and what becomes of it."""

SERVES = ("speech.1.2",)  # rows of the requirements
