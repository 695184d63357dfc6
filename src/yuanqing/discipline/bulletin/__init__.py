"""通报: the monthly bulletin."""
