"""廉政意见回复: asked about somebody's promotion or honour, the discipline body answers what runs against him, and nothing more."""

SERVES = ("speech.4.8",)  # rows of the requirements
