"""工作台: what one owes, what waits, and the year at a glance."""
