"""举报海报: a sheet for notice boards with the address of the hotline as a QR code."""

SERVES = ("speech.4.1",)  # rows of the requirements
