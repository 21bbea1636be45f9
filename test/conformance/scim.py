"""Runs every check of scim2-tester against the address that is given, and prints what did not succeed."""
import sys
from collections import Counter

from httpx import Client
from scim2_client.engines.httpx import SyncSCIMClient
from scim2_tester import Status, check_server

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
