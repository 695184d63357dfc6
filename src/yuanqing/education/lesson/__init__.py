"""在线课程: films of an activity; what was watched is proved on the server, second by second."""

SERVES = ("speech.1.3",)  # rows of the requirements
