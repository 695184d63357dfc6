"""澄清正名: whoever was wrongly accused is cleared, in one of three ways, with his consent, telling the result only."""

SERVES = ("speech.4.8",)  # rows of the requirements
