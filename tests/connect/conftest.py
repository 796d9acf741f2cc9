"""The recipes need other programs, which `make test-connect` installs."""

import os

if os.environ.get("GONGGO_CONNECT") != "1":
    collect_ignore_glob = ["test_*"]
