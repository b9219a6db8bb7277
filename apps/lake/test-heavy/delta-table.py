"""Reads Delta tables by delta-rs. Speaks as delta-kernel/ReadTable.java does, which says how."""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from deltalake import DeltaTable

def micros(time):
    return round((time - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000) * 1000


def event(row):
    return {
        "eventid": row["eventid"],
        "eventtime": micros(row["eventtime"]),
        "eventdata_text": row["eventdata_text"],
        "eventday": row["eventday"].isoformat(),
        "uid": row["eventdata"] and row["eventdata"]["uid"],
    }


def answer(request):
    for version in request["versions"]:
        try:
            table = DeltaTable(request["table"], version=version)
            rows = table.to_pyarrow_table(columns=["eventid", "eventtime", "eventdata_text", "eventday", "eventdata"])
            print(json.dumps({"version": table.version(), "rows": [event(row) for row in rows.to_pylist()]}))
        except Exception as refused:
            print(json.dumps({"version": version, "refused": str(refused)}))

    table = DeltaTable(request["table"])
    actions = table.get_add_actions(flatten=True)
    files = [dict(zip(actions.column_names, values)) for values in zip(*(column.to_pylist() for column in actions.columns))]


    def names(paths):
        return [path.rsplit("/", 1)[-1] for path in paths]


    def skipping(predicate):
        return names(table.file_uris(file_pruning_predicate=predicate))


    after = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=request["after"])
    print(
        json.dumps(
            {
                "byDay": skipping([("eventday", "=", request["day"])]),
                "byTime": skipping([("eventtime", ">", after)]),
                "byId": skipping([("eventid", "=", request["id"])]),
                "stats": {
                    names([file["path"]])[0]: [
                        file["num_records"],
                        file["min.eventid"],
                        file["max.eventid"],
                        micros(file["min.eventtime"]),
                        micros(file["max.eventtime"]),
                        file["null_count.eventid"],
                        file["size_bytes"],
                    ]
                    for file in files
                },
            }
        )
    )
    print(flush=True)


for line in sys.stdin:
    answer(json.loads(line))
# The reader's threads are still at work when the interpreter ends, which aborts it now and then.
os._exit(0)
