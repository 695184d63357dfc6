"""月度考评: close and score of a month."""

SERVES = ("speech.0.2",)  # rows of the requirements
