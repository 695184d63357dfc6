"""立案审查调查: from the decision to file a case to its archive; investigation and trial are different people."""

SERVES = ("speech.4.6", "speech.4.7")  # rows of the requirements
