"""材料往来: matters handed down, up and sideways as signed sealed packages, with receipts and answers; or within the house."""

SERVES = ("speech.4.1", "speech.4.4")  # rows of the requirements
