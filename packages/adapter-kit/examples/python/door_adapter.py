"""An adapter in Python: door events of a made-up access system, over the JSON-lines protocol.

One JSON object a line, both ways. The first line out is the hello; then every question gets one answer, in order.
The host decodes, masks secrets, fits the event to its limits and checks it; this program maps.
Run it by hand: python3 door_adapter.py, then paste a question.
"""

import hashlib
import ipaddress
import json
import sys

HELLO = {
    "contract": 1,
    "name": "doors",
    "source": "Custom",
    "displayName": "Acme Doors",
    "requires": {"action": "string", "at": "any"},
    "countsOccurrences": True,
    "drops": {"heartbeat": "A door that says that it is there is no audit event."},
    "formats": {"ndjson": {"frame": "line"}, "array": {"frame": {"elementsOf": ""}}},
}
TAKEN = ("id", "at", "action", "person", "controller")


def text(value):
    """A text that is not blank, or None."""
    return value if isinstance(value, str) and value.strip() else None


def refused(code, path, message):
    return {"refused": {"code": code, "path": path, "message": message}}


def event_time(value):
    """Epoch seconds or `yyyy-mm-ddThh:mm:ssZ`; None for anything else."""
    from datetime import datetime, timezone

    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, (int, float)):
            moment = datetime.fromtimestamp(value, timezone.utc)
        else:
            moment = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if 1970 <= moment.year < 2106 else None


def address(value):
    try:
        return str(ipaddress.ip_address(value)) if isinstance(value, str) and ipaddress.ip_address(value) else None
    except ValueError:
        return None


def event_id(record, context):
    """The door system's own id; else a digest of the record and of how many equal ones came before it."""
    own = text(record.get("id"))
    if own and len(own) <= 128 and all(c.isascii() and (c.isalnum() or c in "-_") for c in own):
        return own
    content = json.dumps(record, sort_keys=True, separators=(",", ":"))
    occurrence = context["origin"]["occurrence"]
    return "doors-" + hashlib.sha256(f"{content}\0{occurrence}".encode("utf-8", "replace")).hexdigest()


def result(record, context):
    if not isinstance(record, dict) or not text(record.get("action")):
        return refused("RECORD_NOT_RECOGNISED", "/action", "Not a door event: action is missing.")
    if record["action"] == "heartbeat" and not keeps(context, "heartbeat"):
        return {"dropped": "heartbeat"}
    time = event_time(record.get("at"))
    if time is None:
        return refused("TIME_UNREADABLE", "/at", "The record's time cannot be read; eventTime is required.")
    identifier = context.get("id") or event_id(record, context)
    person = record.get("person")
    controller = record.get("controller")
    event = {
        "version": "1",
        "userIdentity": {"type": "Person" if text(person) else "Door", "principalId": text(person) or "unknown"},
        "eventSource": "doors.example.com",
        "eventName": record["action"],
        "eventTime": time,
        "UID": text(record.get("id")) or identifier,
        "requestParameters": {key: value for key, value in record.items() if key not in TAKEN},
        "additionalEventData": {key: record[key] for key in ("id", "at", "controller", "person") if key in record},
    }
    if record.get("granted") is False:
        event["errorCode"] = "Denied"
    if address(controller):
        event["sourceIPAddress"] = address(controller)
    return {"id": identifier, "event": event}


def keeps(context, rule):
    """Whether the user switched a drop rule off: the host decides, this answer would be taken as a mapped record."""
    options = context.get("options") or {}
    return isinstance(options, dict) and (options.get("drops") or {}).get(rule) is False


def main():
    write = lambda value: print(json.dumps(value, ensure_ascii=True), flush=True)
    write(HELLO)
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = result(question["record"], question["context"])
        except Exception as error:  # One bad record must not end the run.
            print(f"doors: question {question['n']}: {error!r}", file=sys.stderr)
            answer = refused("ADAPTER_FAULT", "", "The adapter failed on this record.")
        write({"n": question["n"], "result": answer})


if __name__ == "__main__":
    main()
