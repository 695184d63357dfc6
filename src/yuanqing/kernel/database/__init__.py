"""数据库: the PostgreSQL that comes with the product, run by us, or any other from version 16 on by its address.

The embedded server is reached by its Unix socket only and tells users apart by the operating system (peer); there are
no passwords and no TCP port. The application connects as yuanqing_app, which owns nothing; migrations connect as
yuanqing_owner.
"""

SERVES = ("across.laptop",)  # rows of the requirements
