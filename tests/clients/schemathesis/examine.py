"""Signs an administrator in and has schemathesis try every endpoint of the document that the host serves.

Ends as schemathesis does: with 0 if no answer was a failure of the host or other than the document says.
"""

import os
import subprocess
import sys
from pathlib import Path

import httpx

address, link = os.environ["DAYBREAK_ADDRESS"], os.environ["DAYBREAK_LINK"]
here = Path(__file__).parent

with httpx.Client(base_url=f"{address}/api/v1") as administrator:
    acceptance = {"secret": link, "password": "correct horse battery"}
    administrator.post("/links/accept", json=acceptance).raise_for_status()
    scores = administrator.get("/scores", params={"limit": 1}).raise_for_status().json()["items"]
    environment = {
        "DAYBREAK_SESSION": administrator.cookies["daybreak_session"],
        "DAYBREAK_SCORE": str(scores[0]["sequence"]),
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(here),
    }

schemathesis = Path(sys.executable).with_name("schemathesis")
configuration = here / "schemathesis.toml"
command = [schemathesis, "--config-file", configuration, "run", f"{address}/api/v1/openapi.json", *sys.argv[1:]]
sys.exit(subprocess.run(command, env=os.environ | environment).returncode)
