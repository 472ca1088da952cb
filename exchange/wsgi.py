"""The WSGI entry of the portal and the API."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
application = get_wsgi_application()

# What is loaded by now lives as long as the process: no collection need look at it again.
gc.collect()
gc.freeze()
