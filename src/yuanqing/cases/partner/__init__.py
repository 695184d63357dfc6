"""往来机关: the bodies that sealed packages go to and come from, and the key under which this body receives them."""

SERVES = ("speech.4.1",)  # rows of the requirements
