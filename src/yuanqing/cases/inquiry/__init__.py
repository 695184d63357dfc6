"""谈话函询: a letter or a talk, the answer, and the report on both."""

SERVES = ("speech.4.4",)  # rows of the requirements
