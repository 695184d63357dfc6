"""处分: what was decided about a person, what it bars until when, and its end by itself."""

SERVES = ("speech.4.8",)  # rows of the requirements
