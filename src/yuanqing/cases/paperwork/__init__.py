"""办案文书: working documents printed from the records and the opened file, with everything they must say, and kept nowhere."""

SERVES = ("speech.4.6", "speech.4.8", "across.documents")  # rows of the requirements
