"""单位: units in a dated tree."""
