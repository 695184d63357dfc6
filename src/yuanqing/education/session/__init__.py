"""场次: when and where people come together for an activity; who signed in, who was away and why, and the minutes."""

SERVES = ("speech.0.1", "speech.1.3")  # rows of the requirements
