"""课件: SCORM packages of an activity, played in a sandbox; what they say of the learner is kept."""

SERVES = ("speech.1.3",)  # rows of the requirements
