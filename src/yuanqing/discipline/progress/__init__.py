"""报送进度: where the returns of a month stand, unit by unit and month by month."""

SERVES = ("speech.2.8",)  # rows of the requirements
