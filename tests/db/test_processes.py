"""Several processes on one database, and the end of one."""

from __future__ import annotations

from tests.db.processes import run_elsewhere


async def test_process_ends_although_nobody_closed_the_pool(database_url: str) -> None:
    said = await run_elsewhere(
        database_url,
        """
        await open_pool()
        async with write():
            await Location.insert(Location(name="one"))
        print(len(await rows("SELECT name FROM location")))
        """,
    )
    assert said == "1\n"


async def test_process_ends_after_failed_transactions_and_cancelled_writers(database_url: str) -> None:
    said = await run_elsewhere(
        database_url,
        """
        await open_pool()
        await execute("CREATE TABLE late (l INTEGER REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED)")

        async def fail_at_commit():
            async with write():
                await execute("INSERT INTO late VALUES (12345)")

        async def add():
            async with write():
                await Location.insert(Location(name="one"))

        failing = await asyncio.gather(*(fail_at_commit() for _ in range(20)), return_exceptions=True)
        writers = [asyncio.create_task(add()) for _ in range(50)]
        await writers[0]
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        print(sum(isinstance(error, Exception) for error in failing))
        """,
    )
    assert said == "20\n"


async def test_process_that_never_opened_the_pool_can_still_write(database_url: str) -> None:
    said = await run_elsewhere(
        database_url,
        """
        async with write():
            await Location.insert(Location(name="one"))
        print(await Location.count())
        """,
    )
    assert said == "1\n"
