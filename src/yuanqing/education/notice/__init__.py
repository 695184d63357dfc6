"""告知: a text given to those it concerns, read to the end and signed, with proof of which version was shown."""

SERVES = ("speech.0.1", "speech.1.7", "speech.1.4")  # rows of the requirements
