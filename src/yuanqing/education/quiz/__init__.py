"""测验: questions drawn at random for each attempt, limited in tries and time, every answer kept as it is given."""

SERVES = ("speech.1.3",)  # rows of the requirements
