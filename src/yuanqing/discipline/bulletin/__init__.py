"""通报: the monthly bulletin."""

SERVES = ("speech.2.8", "across.documents")  # rows of the requirements
