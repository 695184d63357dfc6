"""备份与恢复: the database, the files and the keys, taken while people work and proved before they are called a backup."""

SERVES = ("across.laptop",)  # rows of the requirements
