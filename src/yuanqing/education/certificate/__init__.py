"""合格证书: given for a quiz that was passed; anybody may check on a public page whether one is genuine."""

SERVES = ("speech.1.3",)  # rows of the requirements
