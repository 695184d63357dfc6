"""月报: what a unit reports by the 5th."""

SERVES = ("speech.0.2", "speech.2.9")  # rows of the requirements
