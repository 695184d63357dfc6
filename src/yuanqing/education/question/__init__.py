"""题库: questions that quizzes draw from, tied to the clauses they ask about."""

SERVES = ("speech.1.3",)  # rows of the requirements
