"""Ends with 0 when the server answers, and with 1 when it does not."""

import os
from urllib.request import urlopen

with urlopen(f"http://127.0.0.1:{os.environ.get('PORT', '8080')}/", timeout=3) as response:
    response.read()
