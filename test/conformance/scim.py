"""Runs every check of scim2-tester against the address that is given, and prints what did not succeed."""
import random
import sys
from collections import Counter
from itertools import cycle

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server, filling


class Numbers:
    """The tester makes numbers of ten random digits, which no country has: these exist, and are fictitious."""

    pieces = cycle(["+12", "0", "2", "5", "5", "5", "0", "1", "4", "7"])

    def choice(self, values):
        return next(self.pieces) if values == range(10) else random.choice(values)

    def __getattr__(self, name):
        return getattr(random, name)


filling.random = Numbers()
http = Client(base_url=sys.argv[1], headers={"Authorization": "Bearer local"}, timeout=60)
scim = SyncSCIMClient(http)
scim.discover()
results = check_server(scim)
counts = Counter(result.status.name for result in results)
for result in results:
    if result.status is not Status.SUCCESS:
        print(f"{result.status.name}: {result.title}: {result.reason}")
print(", ".join(f"{count} {name.lower()}" for name, count in sorted(counts.items())))
sys.exit(1 if counts["ERROR"] or counts["CRITICAL"] else 0)
