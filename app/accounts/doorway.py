"""Where whoever has no session yet waits for a moment.

Fifty who log in at once would each stand in the queue for the database's connections, between two reads of a diary that
somebody is looking at. A few at a time are through as soon.
"""

from __future__ import annotations

from anyio import CapacityLimiter

AT_A_TIME = 2

doorway = CapacityLimiter(AT_A_TIME)
