"""What schemathesis cannot know of a request.

Days and moments are of the years 1900 to 2199: made at random, hardly any would be. Files are bytes.
"""

import datetime

import schemathesis
from hypothesis import strategies

schemathesis.openapi.format(
    "date",
    strategies.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)).map(datetime.date.isoformat),
)
schemathesis.openapi.format(
    "date-time",
    strategies.datetimes(datetime.datetime(1900, 1, 2), datetime.datetime(2199, 12, 30)).map(
        lambda moment: moment.isoformat() + "Z"
    ),
)
schemathesis.serializer.alias(
    [
        "application/wasm",
        "application/zip",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv",
    ],
    "application/octet-stream",
)
