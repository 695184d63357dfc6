"""For whom a transaction is: the table behind the tokens, and the functions that policies ask."""

from django.db import migrations

from yuanqing.kernel.database.walls import CONTEXT, NO_CONTEXT


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_sealing")]
    operations = [migrations.RunSQL(CONTEXT, NO_CONTEXT)]
