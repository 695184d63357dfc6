from tests.discipline.bulletin.fixtures import august, closed_october, small

__all__ = ["august", "closed_october", "small"]
