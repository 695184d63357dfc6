from tests.discipline.bulletin.fixtures import august, drafted, published, published_with_case, small, three_months

__all__ = ["august", "drafted", "published", "published_with_case", "small", "three_months"]
