"""总结报告和感受体会: what leaders write themselves each year, reviewed, and compared with what others wrote."""

SERVES = ("speech.1.5", "speech.1.6")  # rows of the requirements
