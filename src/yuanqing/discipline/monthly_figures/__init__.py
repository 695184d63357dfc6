"""月度汇总: the numbers of a closed month, as its bulletin prints them."""
