"""An emulator of the AWS API on a free port of 127.0.0.1: moto with the fixes of emulator_fixes.

Prints its address as one JSON line when it answers, and ends when its standard input is closed:
it does not outlive the test that started it, however that test ends.
"""

import json
import logging
import os
import sys

from moto.server import ThreadedMotoServer

import emulator_fixes
from emulator_functions import packages
from emulator_jobs import remove_containers


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    emulator_fixes.fix()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    # Parts of moto that call another service of their own need to know where they are.
    os.environ["MOTO_PORT"] = str(port)
    print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
    sys.stdin.read()
    server.stop()
    remove_containers()
    packages.remove()


main()
