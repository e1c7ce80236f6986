"""A child that never ends."""

import time

time.sleep(60)
