"""Counts the records of a CSV file that break a rule, with DuckDB.

Reads requests from standard input, one JSON object a line, and answers each with one line of JSON. Nobody answers a
faulty request: the exception ends the process and is to be read on standard error.
"""
import json
import sys
import time

import duckdb


def main():
    connection = duckdb.connect(":memory:")
    for line in sys.stdin:
        request = json.loads(line)
        connection.execute("SET threads = %d" % request["threads"])
        started = time.perf_counter()
        records, bad = WAYS[request["way"]](connection, request)
        seconds = time.perf_counter() - started
        print(json.dumps({"records": records, "bad": bad, "seconds": seconds}), flush=True)


def typed(connection, request):
    """The reader converts; records with a value that it cannot convert go to the table of rejects."""
    source = reader(request, lambda column: column["type"], ", store_rejects = true")
    good, converted = counts(connection, request["goodTyped"], source)
    # A record may stand there more than once. Without any, the tables may be missing.
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    rejected = 0
    if "reject_errors" in tables:
        rejected = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchall()[0][0]
        connection.execute("DROP TABLE reject_errors")
        connection.execute("DROP TABLE reject_scans")
    return converted + rejected, converted + rejected - good


def text(connection, request):
    """The reader hands out text, and the rules convert it."""
    source = reader(request, lambda column: "VARCHAR", "")
    good, records = counts(connection, request["goodText"], source)
    return records, records - good


WAYS = {"typed": typed, "text": text}


def counts(connection, good, source):
    statement = "SELECT count(*) FILTER (WHERE %s), count(*) FROM %s" % (good, source)
    # All rows: the table of rejects is filled when the statement has come to its end.
    return connection.execute(statement).fetchall()[0]


def reader(request, type_of, options):
    columns = ", ".join("%s: %s" % (quoted(column["name"]), quoted(type_of(column))) for column in request["columns"])
    # Everything is told, so that no time goes into guessing.
    dialect = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n'"
    return "read_csv(%s, %s, columns = {%s}%s)" % (quoted(request["path"]), dialect, columns, options)


def quoted(value):
    return "'%s'" % value.replace("'", "''")


main()
