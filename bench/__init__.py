"""Measurements. Each module with a `main` runs by itself: `python -m bench.national`."""
