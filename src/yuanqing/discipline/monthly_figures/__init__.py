"""月度汇总: the numbers of a closed month, as its bulletin prints them."""

SERVES = ("speech.2.8",)  # rows of the requirements
