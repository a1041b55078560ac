from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-23T00:11:00:145320"
VERSION = "1.38.0"
DESCRIPTION = "diary changes made as one"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)

    manager.add_column(
        table_class_name="DiaryChange",
        tablename="diary_change",
        column_name="batch",
        db_column_name="batch",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": True,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
