"""对象: who is meant by a demand, as rules over rank, post, key-post flag, unit and Party membership."""

SERVES = ("speech.1.4",)  # rows of the requirements
