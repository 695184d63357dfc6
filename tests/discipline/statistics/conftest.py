from tests.discipline.bulletin.fixtures import august, closed_october, drafted, small, three_months

__all__ = ["august", "closed_october", "drafted", "small", "three_months"]
