"""Sends COUNT records with the official client, gzip and all, repeats what fails, and says how many were acknowledged."""

import json
import os
import sys
import time

from elasticsearch import Elasticsearch, helpers

url, user, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = Elasticsearch(url, basic_auth=(user, os.environ["PASSWORD"]), http_compress=True, request_timeout=30, max_retries=0)
assert client.info()["tagline"] == "You Know, for Search"
documents = [{"at": "2026-01-01T00:00:00Z", "what": "Sent", "id": f"p{n}"} for n in range(count)]
acknowledged = 0
for start in range(0, count, 500):
    batch = documents[start : start + 500]
    while True:
        try:
            done, errors = helpers.bulk(client, ({"_op_type": "create", "_index": "audit", "_source": one} for one in batch), chunk_size=500)
            assert not errors, json.dumps(errors)
            acknowledged += done
            break
        except Exception as error:  # the server was killed: all of it again
            print(type(error).__name__, file=sys.stderr)
            time.sleep(0.2)
print(f"acknowledged {acknowledged}")
