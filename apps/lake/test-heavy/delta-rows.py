"""Prints the rows of every version of a Delta table as delta-rs reads them, one JSON array a version."""

import json
import os
import sys

from deltalake import DeltaTable


def plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


path, last = sys.argv[1], int(sys.argv[2])
for version in range(last + 1):
    rows = DeltaTable(path, version=version).to_pyarrow_table().to_pylist()
    print(json.dumps(sorted((plain(row) for row in rows), key=lambda row: row["eventid"])))
# The reader's threads are still at work when the interpreter ends, which aborts it now and then.
sys.stdout.flush()
os._exit(0)
