"""盲评: a random part of what was eased is read again by somebody who had no hand in it and does not know who had."""

SERVES = ("speech.4.5",)  # rows of the requirements
